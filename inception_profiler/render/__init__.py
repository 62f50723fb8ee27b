"""Documents become bytes: one file a format. A renderer neither prints nor computes."""
