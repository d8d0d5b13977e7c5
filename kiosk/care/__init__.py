"""The care of the kiosk: it tests itself, tells how it is, does what the console asks, and keeps light and sound."""
