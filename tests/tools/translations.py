"""
Checks the languages: source texts are Italian, and each catalogue that is there is complete.

A catalogue lives in ``campanella/locale/<language>/LC_MESSAGES/django.po``. Every text marked for translation must be in it,
translated and not doubtful; every text in it must still be used.
"""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
MARKS = [
    re.compile(r"""{%\s*(?:translate|trans)\s+(["'])(?P<text>.+?)\1""", re.S),
    re.compile(r"""\b(?:gettext|gettext_lazy|_)\(\s*f?(["'])(?P<text>.+?)\1\s*[,)]""", re.S),
]


def marked() -> set[str]:
    """Return every text marked for translation."""
    texts: set[str] = set()
    for path in [*ROOT.glob("campanella/**/*.py"), *ROOT.glob("campanella/**/templates/**/*")]:
        if path.is_file():
            content = path.read_text()
            texts |= {found["text"] for mark in MARKS for found in mark.finditer(content)}
    return texts


def problems() -> list[str]:
    """Return what is wrong with the catalogues."""
    texts, found = marked(), []
    for path in sorted(ROOT.glob("campanella/locale/*/LC_MESSAGES/django.po")):
        catalogue, name = polib.pofile(str(path)), path.relative_to(ROOT)
        known = {entry.msgid for entry in catalogue if not entry.obsolete}
        done = {entry.msgid for entry in catalogue.translated_entries()}
        found += [f"{name}: not there: {text}" for text in sorted(texts - known)]
        found += [f"{name}: not translated: {text}" for text in sorted(known - done)]
        found += [f"{name}: no longer used: {text}" for text in sorted(known - texts)]
    return found


if __name__ == "__main__":
    print("\n".join(problems()))
    sys.exit(bool(problems()))
