"""Networks as torch modules, one file per paper, each with its card."""
