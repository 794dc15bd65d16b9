"""One browser and one Jupyter server for all tests that need them."""

from browser import chromium, lab

__all__ = ["chromium", "lab"]  # fixtures
