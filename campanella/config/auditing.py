"""How the two auditing commands speak: a line for each violation, and a status that is not 0 when there is any."""

from collections.abc import Callable, Sequence

from django.core.management import CommandError

from campanella.config.command import count
from campanella.domains.ledger.verify import Violation
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants.queries import Town


def tell_violations(
    towns: Sequence[Town], *, ask: Callable[[], Sequence[Violation]], write: Callable[[str], object]
) -> None:
    """
    Audit towns one by one.

    :param ask: what is wrong in the active town
    :raises CommandError: something is wrong
    """
    found = []
    for town in towns:
        with scope(town.id):
            violations = ask()
        for violation in violations:
            write(f"{town.slug}: {violation.row}: broken promise “{violation.promise}”, {violation.cents} cents")
        if not violations:
            write(f"{town.slug}: clean")
        found.append(len(violations))
    if sum(found):
        broken = sum(1 for number in found if number)
        raise CommandError(f"{count(sum(found), 'violation')} in {broken} of {count(len(found), 'town')}.")
