"""The memory lens: a second pass in which PyTorch's own operators run, on tensors without data."""
