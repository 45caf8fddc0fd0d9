"""What the office does once a year: every class moves up, services go on or are asked for anew, and it can be taken back."""
