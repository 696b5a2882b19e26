"""The program in a browser: a page with a terminal in it, and behind it the program on its own terminal."""
