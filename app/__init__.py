"""The program: a window on `resunet_core`, written with Qt."""
