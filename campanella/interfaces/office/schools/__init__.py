"""Schools, their classes and services, and school years: kept by the office."""
