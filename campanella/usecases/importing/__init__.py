"""
The register of another software, read from one file: people, classes, services, opening balances.

``reading`` → rows · ``columns`` → which column is what · ``values``, ``lines`` → one child each, with all its problems ·
``known`` → what the town has · ``plan`` → what would change · ``apply`` → the writing, in one transaction · ``people`` →
the whole way, as the command calls it. The accepted columns are in ``docs/how/import.md``.
"""
