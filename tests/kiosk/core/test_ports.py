"""The ports speak the kiosk's own words: every name in them is one that the pure core knows."""

from __future__ import annotations

import inspect
import typing

import pytest

from kiosk.core import care_ports, media, ports

PORTS = [
    port
    for module in (media, ports, care_ports)
    for port in vars(module).values()
    if inspect.isclass(port) and getattr(port, "_is_protocol", False) and port.__module__ == module.__name__
]


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_every_argument_of_a_port_is_of_a_known_kind(port: type) -> None:
    methods = [value for value in vars(port).values() if inspect.isfunction(value) and value.__doc__]
    assert methods or port.__mro__[1] is not object
    for method in methods:
        hints = typing.get_type_hints(method)
        assert set(inspect.signature(method).parameters) - {"self"} <= set(hints)
        assert "return" in hints
