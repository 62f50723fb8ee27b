"""How other tools count: one file each, a pure function from a call of our trace to what the tool charges."""
