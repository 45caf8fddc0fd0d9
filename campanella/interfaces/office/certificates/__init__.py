"""Tax certificates at the office: a year's run, its list, one child, and the data for the tax agency."""
