"""Schools, classes and services, set up and ended."""
