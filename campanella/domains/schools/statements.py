"""A piece of other domains' statements: when a class is not served, as ``queries.closure_on`` tells of rows in hand."""


def shuts(*, town: str, day: str, school: str, group: str, service: str) -> str:
    """
    Write the condition under which a ``schools_closure x`` keeps a class from a service on a day.

    :param town: SQL of the town's id, as are the others of the day, the school's, the class's and the service's id
    """
    return (
        f"x.municipality_id = {town} and x.withdrawn_at is null and x.days @> {day}"
        f" and (x.school_id is null or x.school_id = {school})"
        f" and (x.class_group_id is null or x.class_group_id = {group})"
        f" and (x.service_ids is null or {service} = any(x.service_ids))"
    )
