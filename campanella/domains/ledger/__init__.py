"""
The only book of money: accounts, entries, transfers, wallets.

An entry says what happened and why; its transfers move whole cents from one account to another, so nothing can fail to
sum to zero. Entries and transfers are inserted and read, never changed. Only wallets are locked and store a balance.
"""
