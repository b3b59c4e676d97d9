"""The networks, their configuration, files and devices."""
