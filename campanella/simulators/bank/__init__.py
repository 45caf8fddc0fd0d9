"""A bank: takes files of direct debits, books, rejects, returns and refunds them, and says so in its own files."""
