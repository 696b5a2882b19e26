"""What things are and the rules between them: pure, no input or output, costs nothing to import."""
