"""What somebody with a database console could plant, and what the auditor must say."""

from tests.domains.ledger.corruptions.book import BOOK
from tests.domains.ledger.corruptions.sources import SOURCES
from tests.domains.ledger.corruptions.trail import TRAIL
from tests.domains.ledger.corruptions.words import TOP_UP

CORRUPTIONS = [*BOOK, *SOURCES]

__all__ = ["CORRUPTIONS", "TOP_UP", "TRAIL"]
