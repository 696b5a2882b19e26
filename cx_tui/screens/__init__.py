"""What operators see: one screen, one module, one sheet."""
