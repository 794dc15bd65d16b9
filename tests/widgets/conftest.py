"""Playgrounds in pages of their own, for all tests of widgets."""

from playgrounds import opened

__all__ = ["opened"]  # a fixture
