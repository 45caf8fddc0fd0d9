"""Plain decisions about rankings: the rules of a call as data, points, order and draw, places, what has moved, terms."""
