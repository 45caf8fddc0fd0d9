"""A password hasher for tests: the same interface, none of the cost."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """One iteration."""

    algorithm = "quick"
    iterations = 1
