"""Callbacks of outside parties and the JSON API."""
