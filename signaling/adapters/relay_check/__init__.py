"""Does the relay do what calls will need of it? Tried by the server itself, with its own credentials."""

from signaling.adapters.relay_check.probe import RelayProbe
from signaling.adapters.relay_check.watch import RelayWatch

__all__ = ["RelayProbe", "RelayWatch"]
