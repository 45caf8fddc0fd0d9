"""
SEPA credit transfers: the file that a bank is asked with, and what it answers.

``writing`` makes ``pain.001`` in its versions of 2019 (``.09``, the EPC's since March 2024) and 2009 (``.03``, which many
portals still take). ``reading`` understands ``pain.002``, ``camt.054`` and ``camt.053``. CBI's own envelope is not written:
its schema for credit transfers is published to its members only.
"""
