"""What a person has checked, gathered so that a model can learn from it."""
