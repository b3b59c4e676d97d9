"""Photos analysed: one after the other here, or many at a time on a cluster."""
