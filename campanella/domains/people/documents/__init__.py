"""What is printed about persons."""
