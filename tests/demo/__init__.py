"""./dev demo: the whole service on this machine, to try by hand or to watch one visit being played."""
