"""Outlines of regions, for export only."""
