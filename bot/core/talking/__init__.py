"""What people say to us, and the words that we use."""
