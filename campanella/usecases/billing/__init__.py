"""The post-paid month: how families pay, the run of a month, issuing and calling back, payments that name an invoice."""
