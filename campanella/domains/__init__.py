"""What is true: each domain owns its tables, rules, queries and operations."""
