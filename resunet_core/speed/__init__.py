"""How fast this computer detects, and how near that is to what it could."""
