"""Papers of arrears: a reminder, a plan."""
