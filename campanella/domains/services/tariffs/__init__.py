"""Tariffs as a town's council writes them: shapes as data, from whom and from when, read from a file and quoted."""
