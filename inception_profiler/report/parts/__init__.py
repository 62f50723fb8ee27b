"""One file for each part of the folder; what is here is written, listed in the index and checked."""
