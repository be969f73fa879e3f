"""The terminal as a place where people talk."""
