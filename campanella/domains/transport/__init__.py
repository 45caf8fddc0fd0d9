"""
The school bus: its lines, the rides of each direction with their stops, and at which stop a child gets on or off.

Owns lines, rides, stops and boardings. How many places a ride has, and who has one, is asked of ``places``.
"""
