"""`make demo`: everything on one machine, started in order, watched, and stopped without a trace."""
