"""Briefbot: reads the articles that people link, briefs them, and proves every word."""

VERSION = "0.1.0"
