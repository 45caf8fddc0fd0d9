"""The office's pages of the school bus."""
