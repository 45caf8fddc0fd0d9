"""Passwords that a guesser tries first, beyond those that Django's own list knows."""

import re
from itertools import pairwise

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

LEAST_LETTERS = 5


class NotTooSimple:
    """Refuses repetitions, rows of the alphabet or of digits, and a common password with digits or signs around it."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """:raises ValidationError: with the code ``password_too_simple`` or ``password_too_common``"""
        if is_simple(password):
            raise ValidationError("too simple", code="password_too_simple")
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.lower())
        if core != password.lower() and (core in self._common or is_simple(core)):
            raise ValidationError("too common", code="password_too_common")

    def get_help_text(self) -> str:
        """Say nothing: the page has its own sentence."""
        return ""


def is_simple(password: str) -> bool:
    """Tell whether a password is few letters, one piece over and over, or a row such as ``abcdefghij`` or ``9876543210``."""
    text = password.lower()
    if len(set(text)) < LEAST_LETTERS:
        return True
    if any(text in text[:size] * len(text) for size in range(1, len(text) // 2 + 1)):
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1 or steps in ({1, -9}, {-1, 9})
