"""Pictures of every kiosk screen, for people to look at: `python -m tests.shots`."""
