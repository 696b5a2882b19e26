"""Changes of many records at once, and changes at a later moment."""
