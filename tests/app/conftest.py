"""The window of the stories, for what is tested through it here."""

from tests.e2e.conftest import desk, model, new_desk

__all__ = ["desk", "model", "new_desk"]
