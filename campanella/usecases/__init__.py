"""
What a person wants done, across domains: one public function per intention.

Also the table of reactions (what follows from a fact) and the words of every message.
"""
