"""The project file: one SQLite file that never loses a stroke."""
