"""The doors themselves: signing in, passwords, where to go next."""
