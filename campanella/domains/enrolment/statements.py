"""Pieces of statements, here and above: on which days a child uses a service it is enrolled in, and whether it costs."""


def attends(*, line: str, group: str, day: str, town: str = "%(town)s") -> str:
    """
    Write the condition under which an ``enrolment_subscription`` is used on a day, its range apart.

    The child's own days of the week and those of its class must both allow it; a class without a calendar of its own goes
    by the school's.

    The town is said and not taken from the line: what depends on no line is looked up once, not once for each child.

    :param line: the subscription's alias, as ``group`` is SQL of the class's id and ``day`` of the day
    :param town: SQL of the town's id
    """
    weekday = f"(extract(isodow from {day})::int - 1)"
    return f"""(({line}.weekdays >> {weekday}) & 1 = 1 and ({line}.service_id, {group}) not in (
     select k.service_id, k.class_group_id from services_classcalendar k
      where k.municipality_id = {town} and k.days @> {day} and (k.weekdays >> {weekday}) & 1 = 0))"""  # noqa: S608


def without_price(*, line: str, day: str, town: str = "%(town)s") -> str:
    """
    Write the condition under which an ``enrolment_subscription`` holds on a day on which its price list does not.

    The prices of the day are gathered once: they are few, and the lines of a city many.

    :param line: the subscription's alias, as ``day`` is SQL of the day and ``town`` of the town's id
    """
    return f"""({line}.days @> {day} and {line}.bracket_id not in (
     select b.id from services_bracket b join services_tariff t on t.municipality_id = {town} and t.id = b.tariff_id
      where b.municipality_id = {town} and t.days @> {day}))"""  # noqa: S608  # names of the statement's own
