"""People on a homeserver, at clients with end-to-end encryption; see `person.py`."""

from tests.standins.matrix.client import RefusedError
from tests.standins.matrix.identity import Identity
from tests.standins.matrix.person import Person
from tests.standins.matrix.seen import Seen
from tests.standins.matrix.trust import IdentityChange

__all__ = ["Identity", "IdentityChange", "Person", "RefusedError", "Seen"]
