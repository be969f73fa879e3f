"""Slack: what comes from it, and how posts and dialogs look in it."""
