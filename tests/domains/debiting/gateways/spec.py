"""Where the official schemas of SEPA are: beside the repository, or where CAMPANELLA_SPEC says."""

import os
from functools import lru_cache
from pathlib import Path

import pytest
from lxml import etree

_ROOT = Path(__file__).resolve().parents[4]
SPEC = Path(os.environ.get("CAMPANELLA_SPEC") or _ROOT.parent / "shared" / "spec") / "sepa"

needs_spec = pytest.mark.skipif(not SPEC.is_dir(), reason=f"no official schemas of SEPA at {SPEC}")


def example(name: str) -> bytes:
    """Give one of the example messages that come with the schemas."""
    return (SPEC / f"example-{name}.xml").read_bytes()


@lru_cache
def schema(name: str) -> etree.XMLSchema:
    """Give an official schema by its name, such as ``pain.008.001.08``."""
    return etree.XMLSchema(etree.parse(SPEC / f"{name}.xsd"))
