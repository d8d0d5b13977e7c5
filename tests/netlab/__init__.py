"""The network lab: kiosk, server, relay and browser in network namespaces, with a poor network of our own between them.

What it is for: `./dev bench network`, tests of how calls survive, and trying things out (`python -m tests.netlab`).
What it does not do: touch this machine's own network; everything is inside namespaces that are gone afterwards.
README.md beside this file has the picture and the commands.
"""
