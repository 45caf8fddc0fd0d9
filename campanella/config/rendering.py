"""
What Django makes anew while it migrates: only what stands on the model that changes.

Django renders every model that is connected to the changed one in any direction. Here each model points at its town, so that
would be every model of the product at every step: nine tenths of the time of ``migrate``. What must be new are the model
itself and those that point at it, directly or through others; what it points at stays as it is, as with any class that
Python defines after another.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ProjectState

Key = tuple[str, str]

# What Django asks for the models to render again; a release that calls it otherwise fails here, not in a schema.
FINDS = "_find_reload_model"


@contextmanager
def only_what_stands_on_it() -> Iterator[None]:
    """Let states of the migrations render no more than they must."""
    djangos = vars(ProjectState)[FINDS]
    setattr(ProjectState, FINDS, standing_on)
    try:
        yield
    finally:
        setattr(ProjectState, FINDS, djangos)


def standing_on(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[Key]:
    """
    Return the models to render again when one has changed: itself and whoever points at it, or inherits from it.

    :param delay: Django's word for a change after which others may be told later
    """
    if delay:
        state.is_delayed = True
    found: set[Key] = set()
    waiting = [(app_label, model_name.lower())]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += state.relations.get(key, ())
            waiting += [other for other, model in state.models.items() if ".".join(key) in _bases(model.bases)]
    return found


def _bases(bases: tuple[object, ...]) -> set[str]:
    return {base.lower() for base in bases if isinstance(base, str)}
