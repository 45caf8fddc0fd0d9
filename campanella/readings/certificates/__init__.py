"""What of the money of a year is certified: reckoned from the book, the receipts and the ties of each family."""
