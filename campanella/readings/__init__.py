"""
What somebody sees, across domains: reads only.

One function a page, frozen dataclasses out, the number of its queries in its docstring and asserted in its test. Never an
operation, an event or a job.
"""
