"""``make check``: format, lint, types, imports, migrations, templates, translations, health; all run, then the verdict."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def templates() -> list[str]:
    """Every template that families and offices see."""
    found = (path for path in ROOT.glob("campanella/**/templates/**/*.html") if "simulators" not in path.parts)
    return sorted(str(path.relative_to(ROOT)) for path in found)


# djlint's several processes need a /dev/shm that anybody may write to, which a bare chroot lacks; one is as quick.
IN_ONE_PROCESS = "import os; os.cpu_count = os.process_cpu_count = lambda: 1; from djlint import main; main()"

CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
    "templates": [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates()],
    "template lint": [sys.executable, "-c", IN_ONE_PROCESS, "--lint", "--quiet", *templates()],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "import map": [str(BIN / "lint-imports"), "--no-cache"],
    "migrations": [sys.executable, "-m", "campanella", "makemigrations", "--check", "--dry-run", "-v0"],
    "system": [sys.executable, "-m", "campanella", "check", "--fail-level", "WARNING"],
    "translations": [sys.executable, "-m", "tests.tools.translations"],
    "health": [sys.executable, "-m", "tests.tools.health"],
}


def main() -> int:
    """Run every check and tell which failed; the exit status is their number."""
    failed = []
    for name, command in CHECKS.items():
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:14} {verdict:6} {time.monotonic() - begun:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout[-6000:] + done.stderr[-3000:], flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
