"""Cash points: the code, the amount, the receipt; the till of the day."""
