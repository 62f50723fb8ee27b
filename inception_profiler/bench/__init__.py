"""Measure on real hardware: latency of models and of layers, roofs, energy, sweeps."""
