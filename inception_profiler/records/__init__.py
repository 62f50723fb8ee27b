"""Frozen, slotted records: what the tracer saw and what the lenses made of it. Standard library only."""
