"""Plain decisions about arrears: the ladder, what is owed, plans, when a debt is prescribed."""
