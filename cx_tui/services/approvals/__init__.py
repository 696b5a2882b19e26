"""Acts that need a second person: whether one does, asking for it, deciding."""
