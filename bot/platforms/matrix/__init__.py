"""Matrix, encrypted rooms included."""
