"""What records while a network runs."""
