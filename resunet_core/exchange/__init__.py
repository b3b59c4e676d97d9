"""Masks of a project out to other programs, and labels of other programs in."""
