"""Rankings: the rules of a call, its lists, what an appeal has corrected, places offered and papers to publish."""
