"""The performance table of the README: ours and the floor, side by side, in one run."""
