"""Tests of the foundation, one folder each."""
