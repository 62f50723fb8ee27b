"""Lenses: pure functions from a model to a trace, and from a trace to results. One verb a file."""
