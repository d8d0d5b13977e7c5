"""Which of the machine's addresses count."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import psutil
import pytest

from kiosk.adapters.addresses import OwnAddresses


def entry(family: int, address: str) -> SimpleNamespace:
    return SimpleNamespace(family=family, address=address)


def test_only_addresses_that_lead_anywhere_count(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        "lo": [entry(socket.AF_INET, "127.0.0.1"), entry(socket.AF_INET6, "::1")],
        "eth0": [
            entry(socket.AF_INET, "192.0.2.2"),
            entry(socket.AF_INET6, "2001:db8::2"),
            entry(socket.AF_INET6, "fe80::1%eth0"),
            entry(psutil.AF_LINK, "02:fc:00:00:00:01"),
        ],
        "wlan0": [entry(socket.AF_INET, "169.254.7.7")],
    }
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: found)
    assert OwnAddresses().addresses() == {"192.0.2.2", "2001:db8::2"}


def test_the_machine_itself_can_be_asked() -> None:
    assert not OwnAddresses().addresses() & {"127.0.0.1", "::1"}
