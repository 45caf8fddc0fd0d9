"""What the town has said of the columns of its former software."""

from campanella.domains.people.models import ImportHeader


def headers() -> list[ImportHeader]:
    """Return what was said, by header: one query."""
    return list(ImportHeader.objects.order_by("written"))


def fields() -> dict[str, str]:
    """Return the field by header, both as they are compared; empty for what is left out. One query."""
    return dict(ImportHeader.objects.values_list("header", "field"))
