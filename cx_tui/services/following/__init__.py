"""What others do, as it happens: their changes, their messages, and who of them is here."""
