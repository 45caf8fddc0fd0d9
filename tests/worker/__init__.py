"""The worker, as the process that it is."""
