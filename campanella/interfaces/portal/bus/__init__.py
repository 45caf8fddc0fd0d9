"""The family's page of the school bus."""
