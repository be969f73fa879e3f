"""Matrix: how posts look in it, and what people mean who write there."""
