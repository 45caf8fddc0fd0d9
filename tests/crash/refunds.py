"""Pays three refunds in a process that may be killed at any moment: asks, decides, makes the file, hears the bank."""

import contextlib
import sys
from collections.abc import Sequence

import django

django.setup()

from campanella.domains.accounts.models import User  # noqa: E402  # Django first
from campanella.domains.adjusting import asked  # noqa: E402
from campanella.foundation.core import clock  # noqa: E402
from campanella.foundation.core.scope import naming, scope  # noqa: E402
from campanella.usecases.adjusting import asking, deciding, hearing, refunds  # noqa: E402
from tests.adjusting import wanted  # noqa: E402
from tests.towns import OFFICE, Cast  # noqa: E402

REFUSED = (
    "<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B-{name}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{name}</OrgnlMsgId>"
    "<GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
)


def main(words: Sequence[str]) -> None:
    """Go through all of it, whatever an earlier run has done."""
    town_id = int(words[0])
    cast = cast_of(town_id)
    with naming(town_id):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        with scope(town_id):
            office, lia = User.objects.get(username="office"), User.objects.get(username="lia")
            what = [wanted(cast, "refund", -1000, child=name, key=f"refund-{name}") for name in ("Anna", "Luca", "Amina")]
        for one in what:
            proposal = asking.ask(by=office, wanted=one, now=clock.now()).proposal
            if proposal.state == "waiting":
                deciding.confirm(by=lia, proposal_id=proposal.id, now=clock.now())
        # Whoever was killed may have made it already.
        with contextlib.suppress(refunds.NothingToPay):
            refunds.make(by=OFFICE, now=clock.now())
        with scope(town_id):
            names = [file.message_id for file in asked.files()]
        for name in names:
            hearing.hear(by=OFFICE, body=REFUSED.format(name=name).encode(), now=clock.now())


def cast_of(town_id: int) -> Cast:
    """Find the children of a town that another process has made."""
    from campanella.domains.people.models import Child
    from campanella.domains.services.models import Service
    from campanella.foundation.tenants import queries
    from tests.towns import Family

    with scope(town_id):
        children = {child.given_name: child for child in Child.objects.all()}
        services = {service.code: service for service in Service.objects.all()}
    town = next(one for one in queries.all_towns() if one.id == town_id)
    everybody = Family(None, None, children)  # type: ignore[arg-type]  # of this story only the children count
    return Cast(town, None, {}, services, {"all": everybody}, {})  # type: ignore[arg-type]  # as above


if __name__ == "__main__":
    main(sys.argv[1:])
