"""One short function per command and per deadline, by subject. `signaling.domain.decide` is the only door."""
