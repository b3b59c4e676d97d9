"""Files that other programs read: LabelMe, masks, overlays, tables."""
