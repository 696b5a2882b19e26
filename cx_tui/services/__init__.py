"""What operators do: one public method is one unit of work."""
