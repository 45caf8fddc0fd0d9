"""What the office sees of the post-paid month: months and invoices, how a family pays, the town's fees."""
