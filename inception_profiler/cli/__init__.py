"""The commands: one thin file each. No arithmetic and no formatting here."""
