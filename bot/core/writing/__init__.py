"""What a brief says, and what proves it."""
