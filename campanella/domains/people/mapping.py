"""What the columns of the town's former software hold, as its operator has said it once."""

from datetime import datetime

from campanella.domains.people.models import ImportHeader
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "import.header_said": "ha detto che cosa c’è nella colonna «{header}» dei file del programma precedente: {what}",
        "import.header_forgotten": "ha dimenticato la colonna «{header}» dei file del programma precedente",
    }
)


@operation
def say(*, by: Actor, header: str, written: str, field: str, what: str, now: datetime) -> None:
    """
    Say what a column holds; said again it is said anew.

    :param header: as headers are compared, ``written`` as it was typed
    :param field: empty leaves the column out; ``what`` is the same in words
    """
    values = {"written": written, "field": field, "said_at": now, "written_by_id": by.actor_id}
    ImportHeader.objects.update_or_create(header=header, defaults=values)
    data: dict[str, str | int] = {"header": written, "what": what}
    audit.record(by=by, action="import.header_said", subjects=["town"], at=now, data=data)


@operation
def forget(*, by: Actor, header: str, now: datetime) -> bool:
    """Forget what a column holds; False where nothing was said of it."""
    found = ImportHeader.objects.filter(header=header).first()
    if found is None:
        return False
    found.delete()
    audit.record(by=by, action="import.header_forgotten", subjects=["town"], at=now, data={"header": found.written})
    return True
