"""Lists of any size, as operators move through them."""
