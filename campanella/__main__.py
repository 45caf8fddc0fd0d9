"""``python -m campanella``."""

from campanella.config.cli import main

main()
