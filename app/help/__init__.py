"""The help inside the program: pages, their names for things, their window."""
