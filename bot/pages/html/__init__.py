"""HTML in, Article out: parse, read the metadata, take out lead bullets and captions, extract."""
