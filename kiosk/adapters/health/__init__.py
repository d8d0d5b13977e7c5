"""The kiosk tests itself: its devices, its machine, its network."""
