"""The words of the screens, one catalogue per language, and how each language writes days and times."""
