"""Sentences, words, stems, canonical text: what all of the core reads language with."""
