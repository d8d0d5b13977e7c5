"""The whole service on one machine, with real parts: server, kiosk, screen and browser as processes of their own.

What it is for: the demonstration, the end-to-end tests and the benchmarks, which all play on this stage. What it
does not do: expect anything; whoever plays on it looks and measures.
"""
