"""The rules of direct debit: accounts, creditors, days, reasons; nothing here reads a clock or a table."""
