"""Codes and tokens."""

from __future__ import annotations

import re

from signaling.adapters.auth.tokens import code_hash, csrf_of, new_code, same, token_hash


def test_a_code_has_60_bits_in_signs_that_cannot_be_mistaken() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code) for code in codes)
    assert len(set("".join(codes))) == 33  # all 32 signs and the hyphen


def test_the_hash_of_a_code_does_not_mind_how_it_is_typed() -> None:
    assert code_hash("OIL1-abcd-efgh") == code_hash("0111 ABCD EFGH") == code_hash("0111abcdefgh")
    assert code_hash("0111-ABCD-EFGH") != code_hash("0111-ABCD-EFGJ")


def test_a_csrf_token_follows_from_the_cookie_and_does_not_tell_it() -> None:
    assert csrf_of("cookie") == csrf_of("cookie")
    assert csrf_of("cookie") != csrf_of("cookie2")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", csrf_of("cookie"))
    assert token_hash("cookie").hex() not in csrf_of("cookie")


def test_secrets_are_compared_by_value() -> None:
    assert same("ä", "ä")
    assert not same("ä", "a")
