"""The program on the screen: what is there whichever screen is shown."""
