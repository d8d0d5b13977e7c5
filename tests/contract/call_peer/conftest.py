"""Both media engines, and who they talk with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from kiosk.adapters.audio import make_sound
from kiosk.adapters.audio.sound import Sound
from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.peer import ENGINES, load_engine
from kiosk.core.media import PeerEngine
from tests.support.peers import Kiosk, LibraryAnswerer
from tests.support.thorough import times

#: A tone that went through Opus keeps nearly all of its power in one place; noise and silence do not.
RECOGNISED = 0.7


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> PeerEngine:
    return load_engine(request.param)


@pytest.fixture
async def kiosk(engine: PeerEngine) -> AsyncIterator[Kiosk]:
    made = Kiosk(engine)
    yield made
    await made.peer.close()


# `./dev test` is content with the library that Chromium is made of.
@pytest.fixture(params=["webrtc.aiortc", "aiortc"][: times(2, quick=1)])
async def answerer(request: pytest.FixtureRequest) -> AsyncIterator[LibraryAnswerer]:
    made = LibraryAnswerer(request.param)
    yield made
    await made.close()


@pytest.fixture
def camera() -> Iterator[OpenCvCamera]:
    made = OpenCvCamera("pattern")
    made.open()
    yield made
    made.close()
    assert made.wait_closed(2)


@pytest.fixture
def sound() -> Iterator[Sound]:
    made = make_sound("pattern", "pattern")
    made.open()
    yield made
    made.close()
