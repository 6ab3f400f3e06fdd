"""What the platform asks of a process: is it alive, is it ready, how is it doing. Nothing about anybody."""
