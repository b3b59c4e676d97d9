"""Panels beside the canvas: each reads the session and asks actions to change it."""
