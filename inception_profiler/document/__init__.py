"""Results become documents: typed blocks of words, tables and numbers, and no formats."""
