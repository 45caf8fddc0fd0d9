"""
What a tablet signs: a JWS (RFC 7515, ES256) that says which request it is, and by what clock.

Header ``kid``: the device's id. Claims: ``htm`` method, ``htu`` path with query, ``bh`` SHA-256 of the body in base64url,
``t`` the tablet's clock in milliseconds since 1970, ``n`` a number that grows with each request of the device, ``v`` the
version of its app.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from campanella.foundation.core.later import Later

if TYPE_CHECKING:
    from joserfc import errors, jwk, jws
else:
    errors, jwk, jws = Later("joserfc.errors"), Later("joserfc.jwk"), Later("joserfc.jws")

PARTS = ("kty", "crv", "x", "y")
BIGGEST = 1 << 63
# Longer than any of ours: header, claims and signature take some 350 letters.
LONGEST = 4_000
LONGEST_VERSION = 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No clock of a tablet shows a moment after 2200, however wrong it is.
LAST_MS = 7_258_118_400_000


class NotProven(ValueError):
    """The proof is none, or of another request."""


@dataclass(frozen=True)
class SignedRequest:
    """What a tablet has sent, and the proof that it was this tablet."""

    proof: str
    method: str
    path: str
    body: bytes


@dataclass(frozen=True)
class Claims:
    """What a proof says besides: the tablet's clock, and the number of the request."""

    clock: datetime
    number: int
    version: str


def public_part(key: Mapping[str, Any]) -> dict[str, str]:
    """
    Return what is public of a P-256 key (JWK, RFC 7517).

    :raises NotProven: it is no point of that curve
    """
    public = {name: key.get(name) for name in PARTS}
    if public["kty"] != "EC" or public["crv"] != "P-256" or not all(isinstance(part, str) for part in public.values()):
        raise NotProven
    with _or_not_proven():
        _key(**public)
    return {name: str(part) for name, part in public.items()}


def device_of(signed: SignedRequest) -> int:
    """
    Return which device a proof says it is of; whether that is true, ``claims_of`` tells.

    :raises NotProven: it is no proof
    """
    with _or_not_proven():
        if len(signed.proof) > LONGEST:
            raise NotProven
        device_id = int(jws.extract_compact(signed.proof.encode()).headers()["kid"])
    if not 0 < device_id < BIGGEST:
        raise NotProven
    return device_id


def claims_of(signed: SignedRequest, *, public_key: Mapping[str, Any]) -> Claims:
    """
    Return what a request says, signed with this key.

    :raises NotProven: another key has signed, or another request was signed
    """
    with _or_not_proven():
        said = json.loads(jws.deserialize_compact(signed.proof, _key(**public_key), algorithms=["ES256"]).payload)
        clock, number, version = said["t"], said["n"], said.get("v", "")
        is_plain = isinstance(version, str) and version.isprintable() and len(version) <= LONGEST_VERSION
        is_this = is_plain and (said["htm"], said["htu"], said["bh"]) == (signed.method, signed.path, digest_of(signed.body))
    if not is_this or type(clock) is not int or type(number) is not int:
        raise NotProven
    if not (0 <= clock <= LAST_MS and 0 < number < BIGGEST):
        raise NotProven
    return Claims(EPOCH + timedelta(milliseconds=clock), number, version)


def digest_of(body: bytes) -> str:
    """Return the SHA-256 of a body in base64url."""
    return urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")


@contextmanager
def _or_not_proven() -> Iterator[None]:
    try:
        yield
    except (errors.JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as failure:
        raise NotProven from failure


# A tablet comes with the same key for years: what is worked out of its text is kept for as many as a few towns have.
@lru_cache(maxsize=2_000)
def _key(**public: Any) -> "jwk.ECKey":
    key = jwk.ECKey.import_key(public)
    _ = key.public_key  # only now is it looked at whether the point lies on the curve
    return key
