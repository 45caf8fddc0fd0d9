"""Banks, and the files they take and send."""
