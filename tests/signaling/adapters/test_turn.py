"""TURN credentials as coturn checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from signaling.adapters.turn import CoturnCredentials

NOW = datetime(2026, 3, 2, 9, 0, 0, 900_000, tzinfo=UTC)
URLS = ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:5349"]


def test_the_user_name_is_the_expiry_and_the_id_and_the_password_its_keyed_hash() -> None:
    (grant,) = CoturnCredentials(URLS, "shared secret", 7200).grant("visit-1", NOW)
    assert grant.urls == tuple(URLS)
    assert grant.username == f"{int(NOW.timestamp()) + 7200}:visit-1"
    expected = hmac.new(b"shared secret", grant.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(grant.credential) == expected


def test_a_known_credential_is_made_as_others_make_it() -> None:
    # From: echo -n '1433895918:mbzrxpgjys' | openssl dgst -sha1 -hmac north -binary | base64
    at = datetime.fromtimestamp(1433895918 - 60, UTC)
    (grant,) = CoturnCredentials(URLS, "north", 60).grant("mbzrxpgjys", at)
    assert (grant.username, grant.credential) == ("1433895918:mbzrxpgjys", "d2Q1V6JRLjCTMOhoc8cTgEoi7u0=")


def test_without_a_server_there_is_nothing_to_grant() -> None:
    assert list(CoturnCredentials([], "", 7200).grant("visit-1", NOW)) == []
