"""Finds a chromium: the one named in ``CHROMIUM``, else the first that is installed."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "browser tests need a chromium: install the package chromium (apt install chromium) or set CHROMIUM=/path/to/it"


def find() -> str | None:
    """Return the path of the browser, None when there is none."""
    wanted = os.environ.get("CHROMIUM")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """Tell whether a missing browser is a failure (``BROWSER=required``), as in continuous integration."""
    return os.environ.get("BROWSER") == "required"
