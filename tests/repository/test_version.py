"""The version is told once to whoever installs and once to whoever asks: both are the same."""

import tomllib

from campanella import VERSION
from tests.repository.files import text


def test_the_package_and_the_product_have_one_version() -> None:
    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == VERSION
