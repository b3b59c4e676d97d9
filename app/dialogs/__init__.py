"""Questions: a dialog returns a value and changes nothing."""
