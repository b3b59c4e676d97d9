"""What a person can ask for: one function or method for each intent."""
