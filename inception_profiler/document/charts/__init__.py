"""Charts of results, one file for each kind of result; every function yields `Chart` records."""
