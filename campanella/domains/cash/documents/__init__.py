"""The papers of cash points."""
