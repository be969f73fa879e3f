"""What an article answers, and how surely."""
