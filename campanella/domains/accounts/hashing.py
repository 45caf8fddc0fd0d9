"""What is kept of a password, of a name that was tried, and of a token: never itself."""

from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.crypto import salted_hmac

# A hash takes its memory while it is made, and the C library keeps it for the thread that made it: so one thread makes them
# all, and a process never needs more, however many enter at once.
_one_hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hashing")


class Argon2(Argon2PasswordHasher):
    """
    Argon2id with 19 MiB and two rounds; a password hashed at another cost is hashed again when its person enters.

    Source: OWASP Password Storage Cheat Sheet, the setting with the least memory.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return _one_hand.submit(super().encode, password, salt).result()

    def verify(self, password: str, encoded: str) -> bool:
        return _one_hand.submit(super().verify, password, encoded).result()


def hashed(text: str) -> str:
    """Return what is kept of a text in its place: the same for the same text of this installation, and no way back."""
    return salted_hmac("accounts", text, algorithm="sha256").hexdigest()
