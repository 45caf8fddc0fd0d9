"""Outside parties of enrolment."""
