"""What a text is: its address, its lines, its parts, its verdict."""
