"""From a photo to a probability map, tile by tile."""
