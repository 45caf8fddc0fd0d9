"""A piece of the statements above: what is offered and may still be answered, as ``offer_rules.may_answer`` tells it."""


def may_answer(*, is_open: str, until: str) -> str:
    """
    Write the condition under which an answer that comes at ``now`` counts.

    :param is_open: SQL of whether nobody has answered, as ``until`` is of the last instant that counts
    """
    return f"({is_open} and {until} >= %(now)s)"
