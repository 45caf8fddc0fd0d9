"""The five towns and a year of their life, built by calling operations and use cases."""
