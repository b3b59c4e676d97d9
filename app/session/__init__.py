"""What is open, who may change it, and what changed: Qt's core, no widget."""
