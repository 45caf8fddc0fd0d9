"""Enrolment online: start, data, summary, sent; and what became of it."""
