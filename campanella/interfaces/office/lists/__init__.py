"""Lists of children: filtered, sorted, printed, taken away as sheets, and acted on together."""
