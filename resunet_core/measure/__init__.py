"""What masks say about a painted surface, in figures with their errors."""
