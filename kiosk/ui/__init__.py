"""The kiosk's screens: what is seen and touched. Knows `kiosk.core` and Qt, and neither network nor devices."""
