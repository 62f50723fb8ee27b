"""A check for other tools to read: one file a kind. Unlike a document, a report is of a check only."""
