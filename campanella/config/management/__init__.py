"""The installation’s commands, for operators: thin, in English."""
