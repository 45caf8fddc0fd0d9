"""The files that browsers fetch, collected under ``var/static`` when one of them has changed since the last time."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from campanella.foundation.core.errors import Refusal


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Names each file by what is in it; a script that asks for another one asks for that name."""

    support_js_module_import_aggregation = True


class NoRoom(Refusal):
    """The files cannot be written; the sentence says where and why."""


def collect() -> None:
    """
    Collect what has changed.

    :raises NoRoom: they cannot be written
    """
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.get_modified_time(path)} {storage.size(path)}".encode())
    stamp = settings.VAR / "static.stamp"
    is_there = (settings.STATIC_ROOT / "staticfiles.json").exists()
    try:
        if is_there and stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest.hexdigest())
    except OSError as failure:
        raise NoRoom(f"The files for browsers cannot be written under {settings.VAR}: {failure.strerror or failure}.")
