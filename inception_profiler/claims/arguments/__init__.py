"""The calculators, one file each: an argument with its own numbers put in."""
