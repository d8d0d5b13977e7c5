"""Simulated days: invented visitors and librarians, the real hub on a real database, and a clock that jumps."""
