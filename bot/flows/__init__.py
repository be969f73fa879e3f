"""What the bot does; each file's docstring is the numbered walk."""
