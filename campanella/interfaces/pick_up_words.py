"""Who may take a child home, in words for lists."""

from campanella.domains.people.delegates import PickUp


def takers(found: PickUp | None) -> tuple[str, ...]:
    """Say who may take a child home, its parents first; what they show is the delegates' document."""
    if found is None:
        return ()
    alone = ("può andare da solo",) if found.is_alone else ()
    parents = (f"{name}, {phone}" if phone else name for _, name, phone in found.guardians)
    others = (f"{one.given_name} {one.family_name}, {one.document}" for one in found.confirmed)
    return (*alone, *parents, *others)
