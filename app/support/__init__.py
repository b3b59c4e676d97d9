"""What the whole program leans on: settings, theme, icons, log, folders."""
