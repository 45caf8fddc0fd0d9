"""Who may enter: one's own access, accesses given by the office, colleagues."""
