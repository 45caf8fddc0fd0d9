"""What the commands of ``make`` do that are no tests."""
