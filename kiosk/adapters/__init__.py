"""Everything of the kiosk that touches the world: network, media engines, devices."""
