"""The network's side: what waits, what was decided."""
