"""The tablets of a town's schools: some that are used every day, one whose clock is wrong, one that waits to be paired."""

import json
from datetime import datetime, timedelta

from joserfc import jws
from joserfc.jwk import ECKey

from campanella.demo.settling import OFFICE
from campanella.domains.accounts import devices, proofs
from campanella.domains.accounts.proofs import SignedRequest
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import School
from campanella.foundation.core import clock
from campanella.usecases import tablets

# Towns whose schools have tablets.
TOWNS = {"pesaro"}
MOST = 4
SINCE = timedelta(days=40)
SLOW_CLOCK = timedelta(minutes=17)
DAYS = "/api/v1/rollcall/days"


def lend(*, slug: str, moment: datetime) -> None:
    """Give the first schools of the town a tablet each."""
    if slug not in TOWNS:
        return
    places = [school for school in schools.schools() if school.level in ("infanzia", "primaria")][:MOST]
    for number, school in enumerate(places):
        if school is places[-1]:
            tablets.prepare(by=OFFICE, name=f"Tablet {school.name}"[:60], school_id=school.pk, now=moment)
        else:
            _used(school, moment=moment, behind=SLOW_CLOCK if number == 1 else timedelta())


def _used(school: School, *, moment: datetime, behind: timedelta) -> None:
    """Have a tablet paired weeks ago, and heard of this morning."""
    with clock.standing_at(moment - SINCE):
        pairing = tablets.prepare(by=OFFICE, name=f"Tablet {school.name}"[:60], school_id=school.pk, now=clock.now())
        key = ECKey.generate_key("P-256")
        paired = tablets.pair(code=pairing.code, public_key=key.as_dict(private=False), app_version="0.1.0", now=clock.now())
    at = moment - timedelta(minutes=3)
    claims = {
        "htm": "GET",
        "htu": DAYS,
        "bh": proofs.digest_of(b""),
        "t": int((at - behind).timestamp() * 1000),
        "n": 1,
        "v": "0.1.0",
    }
    proof = jws.serialize_compact({"alg": "ES256", "kid": str(paired.device.pk)}, json.dumps(claims).encode(), key)
    devices.admit(signed=SignedRequest(proof, "GET", DAYS, b""), now=at)
