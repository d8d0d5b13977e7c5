"""What a kiosk makes of its self-tests: pure judging, one module per area."""
