"""What is told of the database to people elsewhere."""
