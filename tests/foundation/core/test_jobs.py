"""Jobs belong to the transaction of their fact; what the worker's own process does is tried in ``tests/worker``."""

import pytest

from campanella.foundation.core import jobs
from campanella.foundation.core.scope import naming
from tests.concurrency.conftest import committed

__all__ = ["committed"]


@pytest.mark.usefixtures("committed")
def test_a_job_outside_any_transaction_is_refused() -> None:
    with naming(1), pytest.raises(jobs.NoTransaction, match="deliver"):
        jobs.enqueue("deliver", town=1, message_id=1)
