"""``make wheel``: builds the package from what git has here, and nothing that a former build or an editor left beside it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests.repository.files import ROOT, under

BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def build(folder: Path) -> Path:
    """Build the wheel into a folder and return its path."""
    with tempfile.TemporaryDirectory(prefix="campanella-wheel-") as place:
        for path in under("campanella/", "pyproject.toml", "README.md", "LICENSE"):
            (Path(place) / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, Path(place) / path)
        out = Path(place) / "out"
        out.mkdir()
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", BUILD, str(out)], cwd=place, check=True, stdout=subprocess.PIPE
        )
        (wheel,) = out.glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(wheel, folder))


def install(wheel: Path, folder: Path) -> Path:
    """
    Install a wheel into an environment of its own and return its `campanella`.

    What it depends on is read where it lies already, in the environment that runs this; no network is needed.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    ours, theirs = (site_packages(prefix) for prefix in (sys.prefix, str(folder)))
    Path(theirs, "shared.pth").write_text(ours + "\n")
    subprocess.run([str(folder / "bin" / "python"), "-m", "installer", str(wheel)], check=True, env=apart())
    return folder / "bin" / "campanella"


def site_packages(prefix: str) -> str:
    """Return where an environment keeps its packages."""
    return sysconfig.get_path("purelib", vars={"base": prefix, "platbase": prefix})


def apart() -> dict[str, str]:
    """Return an environment of variables in which nothing points at this checkout, its database or its files."""
    ours = ("CAMPANELLA_", "DATABASE_URL", "DJANGO_", "PYTHON", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


if __name__ == "__main__":
    print(build(ROOT / sys.argv[1]))
