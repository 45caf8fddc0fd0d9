"""The municipal office."""
