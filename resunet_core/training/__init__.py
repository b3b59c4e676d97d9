"""Data, losses, metrics and the one training loop."""
