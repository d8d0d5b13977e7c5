"""Small refusals that all parts of the fake share."""

from __future__ import annotations

from collections.abc import Container

from signaling.service.ports import Exists, StoreError


def require(condition: object, otherwise: str) -> None:
    """Raises StoreError with this sentence unless the condition holds."""
    if not condition:
        raise StoreError(otherwise)


def vacant(key: object, taken: Container[object]) -> None:
    """Raises Exists when the key is taken."""
    if key in taken:
        msg = "the id or login is taken"
        raise Exists(msg)
