"""Pure rules: (state, command, now) -> (state, effects). No loop, clock, chance, log, database or web."""
