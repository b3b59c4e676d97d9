"""Photos: opened header first, read by tile through a pyramid."""
