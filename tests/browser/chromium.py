"""
Finds a chromium: the one named in ``CHROMIUM``, else the first that is installed.

The shell without a window comes first: it is the same engine, and examines a page for three fifths of the time.
"""

import os
import shutil
import subprocess

from playwright._impl import _driver

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING = "browser tests need a chromium: apt install chromium-headless-shell libatomic1, or set CHROMIUM=/path/to/it"


def find() -> str | None:
    """Return the path of the browser, None when there is none."""
    wanted = os.environ.get("CHROMIUM")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """Tell whether a missing browser is a failure (``BROWSER=required``), as in continuous integration."""
    return os.environ.get("BROWSER") == "required"


def why_no_driver() -> str:
    """Return why Playwright's own program does not start, empty when it does: a bare Debian lacks a library it needs."""
    node, _ = _driver.compute_driver_executable()
    tried = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return ""
    package = " (apt install libatomic1)" if "libatomic" in tried.stderr else ""
    return f"browser tests need Playwright's driver to start{package}: {tried.stderr.strip()}"
