"""The office's pages of camps."""
