"""Outside parties that move money. A gateway takes values and gives values; it sees no table and no clock."""
