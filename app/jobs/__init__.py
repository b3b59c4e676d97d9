"""Work beside the window's thread: run, watched, cancelled."""
