"""
The register of another software, read from one file: people, classes, services, opening balances.

``reading`` (``encodings``, ``webpages``, ``workbooks``) → rows · ``columns`` → which column is what · ``values``,
``lines`` → one child each, with all its problems · ``table`` → the whole file · ``known`` → what the town has ·
``matching``, ``places`` → who and where is meant · ``plan`` → what would change · ``apply`` → the writing, in one
transaction, by the road of the office's pages · ``people`` → the whole way, as the command calls it. The accepted
columns are in ``docs/how/import.md``.
"""
