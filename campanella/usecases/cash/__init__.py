"""Cash points: codes, money taken and given back, the day's till, what is handed over to the town."""
