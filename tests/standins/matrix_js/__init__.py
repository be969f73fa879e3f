"""A person at what Element is made of, driven over lines of JSON; see `person.mjs`."""

from tests.standins.matrix_js.person import INSTALLED, ElementError, ElementPerson, Sight

__all__ = ["INSTALLED", "ElementError", "ElementPerson", "Sight"]
