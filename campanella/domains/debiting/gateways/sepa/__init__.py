"""
Files of SEPA direct debit: to the bank as CBI or ISO 20022, back from it in five kinds.

``base`` the shapes · ``text`` the characters a bank takes · ``writing`` the file of collections, ``flavours`` what tells the
two kinds apart · ``reading`` what comes back. A file is written and read as a stream, so that 20,000
collections stay in flat memory. Element names are ISO 20022's. Nothing here sees a table; the official schemas are used by
the tests.
"""
