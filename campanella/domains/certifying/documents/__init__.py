"""The certificate of a year and the receipt of a month of nursery, as PDF."""
