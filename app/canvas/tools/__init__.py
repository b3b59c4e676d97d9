"""What the left mouse button does: mouse positions in photo pixels, to the session."""
