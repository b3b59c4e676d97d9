"""The picture: tiles of the photo, the overlays on it, the tools that change them."""
