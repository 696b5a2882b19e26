"""What is told of the database to people elsewhere: as text for a ticket, and as objects for programs."""
