"""Giving wallets their codes: random, so that nobody finds a child's by counting from another's."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from campanella.domains.cash import rules
from campanella.domains.cash.models import TopUpCode
from campanella.foundation.core.scope import operation


@operation
def codes_for(*, wallet_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Return the code of each of these wallets; who has none gets one. One query where all have theirs."""
    found = _known(wallet_ids)
    while missing := [wallet_id for wallet_id in wallet_ids if wallet_id not in found]:
        # Another wallet may have the code, and somebody else may give one at this moment: the unique keys decide.
        TopUpCode.objects.bulk_create(
            [TopUpCode(wallet_id=wallet_id, code=_any(), made_at=now) for wallet_id in missing], ignore_conflicts=True
        )
        found = _known(wallet_ids)
    return found


def _known(wallet_ids: Sequence[int]) -> dict[int, str]:
    return dict(TopUpCode.objects.filter(wallet_id__in=list(wallet_ids)).values_list("wallet_id", "code"))


def _any() -> str:
    return rules.code_of(secrets.SystemRandom().randint(rules.FIRST_BODY, rules.LAST_BODY))
