"""The same words typed in Slack, in Matrix and at the terminal, and the same answers."""
