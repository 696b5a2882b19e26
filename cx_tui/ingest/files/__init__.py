"""Files of finished calls, as switches write them."""
