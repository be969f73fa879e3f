"""A day's articles become stories: grouped by event, compared, and told as a digest."""
