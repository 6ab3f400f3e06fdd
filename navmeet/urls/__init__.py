"""Which addresses a process serves: one module a surface. Staff and citizens are never served by one process."""
