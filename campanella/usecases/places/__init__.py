"""Places of the school bus: lines as the office sets them up, asking, offering, giving and leaving a place."""
