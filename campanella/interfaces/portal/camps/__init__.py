"""The family's page of camps."""
