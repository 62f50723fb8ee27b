"""One rule per operation: its output shape and its cost, from the shapes of its inputs alone."""
