"""One demo for all tests that look at one: filled once by its first start, read by some, then killed and started again."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.starting import Demo, started
from tests.tools import wheel


@pytest.fixture(scope="package")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is given to others."""
    return wheel.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="package")
def demo(package: Path) -> Iterator[Demo]:
    """A tiny demo of the installed package on free ports, with an embedded PostgreSQL of its own."""
    # Not under pytest's own folder: where root runs the tests its PostgreSQL may not enter that, and would stay behind.
    with tempfile.TemporaryDirectory(prefix="campanella-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        wheel.install(package, Path(folder) / "environment")
        (home := Path(folder) / "home").mkdir()
        running = started(home)
        yield running
        running.end()
