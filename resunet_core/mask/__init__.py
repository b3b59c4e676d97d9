"""Masks: planes of tiles, edits, brushes, thresholds, regions."""
