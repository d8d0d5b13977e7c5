"""The touchscreen program of an unstaffed branch."""
