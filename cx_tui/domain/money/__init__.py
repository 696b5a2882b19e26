"""What a balance is made of, when packages are charged, and what stands on an invoice."""
