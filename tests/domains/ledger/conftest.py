"""The book that the auditors' tests plant things in."""

from tests.domains.ledger.book import book, kept_book

__all__ = ["book", "kept_book"]
