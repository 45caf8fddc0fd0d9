"""Rankings: drawn up from what families have sent, published, and places offered by them until nobody waits for one."""
