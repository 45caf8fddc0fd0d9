"""Credits put right by hand: asked for, decided by two people where the town says so, posted once, told."""
