"""A second opinion: the same model counted again by engines that share no code with the rules."""
