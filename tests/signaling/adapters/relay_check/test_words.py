"""What the command line says of a relay."""

from __future__ import annotations

import pytest

from signaling.adapters.relay_check.words import said_of
from signaling.protocol.relay_address import relay_address
from signaling.protocol.vocabulary import RelayFinding

ADDRESS = relay_address("turns:relay.example.org:443")


@pytest.mark.parametrize("finding", RelayFinding)
def test_every_finding_is_one_line_that_begins_with_its_address(finding: RelayFinding) -> None:
    line = said_of(ADDRESS, finding)
    assert line.startswith("turns:relay.example.org:443  ")
    assert "\n" not in line
    assert "{" not in line


def test_every_finding_has_words_of_its_own() -> None:
    assert len({said_of(ADDRESS, finding) for finding in RelayFinding}) == len(RelayFinding)


def test_where_nobody_answers_is_said_exactly() -> None:
    assert "nobody answers at relay.example.org port 443 by TLS" in said_of(ADDRESS, RelayFinding.UNREACHABLE)
