"""Pure rules and ports of the kiosk: no loop, clock, Qt, network or device in here."""
