"""Django's PostgreSQL with the one limit it does not know; settings name it as the database's engine."""
