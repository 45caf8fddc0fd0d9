"""Documents on paper and PDF: rendering, codes, letterhead."""
