"""The lecture on what Inception networks cost, one file for each topic, in every language side by side."""
