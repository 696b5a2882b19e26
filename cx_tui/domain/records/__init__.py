"""The records of the program, one file each: their fields, and what else is said of them."""
