"""The papers of applications."""
