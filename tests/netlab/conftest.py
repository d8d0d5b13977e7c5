"""One lab for the tests of a file; where there can be none, they are skipped and say why."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.netlab.conditions import Network
from tests.netlab.lab import Lab
from tests.netlab.lab import lab as build_lab
from tests.netlab.namespaces import why_not


@pytest.fixture(scope="session")
def lab_is_possible() -> None:
    """Skips whatever needs a lab where there can be none."""
    reason = why_not()
    if reason is not None:
        pytest.skip(f"no network lab here: {reason}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing_lab(lab_is_possible: None) -> AsyncIterator[Lab]:
    """A lab for all tests of a file."""
    async with build_lab() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def lab(standing_lab: Lab) -> Lab:
    """The lab, with a perfect network again."""
    await standing_lab.set(Network())
    return standing_lab
