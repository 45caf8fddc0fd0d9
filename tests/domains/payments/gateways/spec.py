"""Where the official schemas and the vectors are: beside the repository, or where CAMPANELLA_SPEC says."""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[4]
SPEC = Path(os.environ.get("CAMPANELLA_SPEC") or _ROOT.parent / "shared" / "spec") / "pagopa"
WSDL = SPEC / "pagopa-api" / "wsdl" / "paForNode.wsdl"
XSD = SPEC / "pagopa-api" / "wsdl" / "xsd" / "paForNode.xsd"

needs_spec = pytest.mark.skipif(not WSDL.is_file(), reason=f"no official pagoPA schemas at {SPEC}")


def example(name: str) -> bytes:
    """Give one of the example messages that come with the schemas."""
    return (SPEC / "examples" / f"{name}.xml").read_bytes()
