"""The inside: pure decisions. No await, no clock, no randomness, no network."""
