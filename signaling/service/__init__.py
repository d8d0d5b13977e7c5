"""Use cases: load, decide, commit, then announce. Knows the rules and the ports, no concrete adapter."""
