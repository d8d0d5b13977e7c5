"""A sound card without sound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.pulse import PulseDaemon


@pytest.fixture(scope="package")
def pulse_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulseDaemon]:
    """One daemon at one address for all tests: libasound reads the address once in a process's life."""
    daemon = PulseDaemon(tmp_path_factory.mktemp("pulse"), more_devices=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in daemon.environment.items():
            patch.setenv(name, value)
        daemon.start()
        yield daemon
        daemon.stop()


@pytest.fixture
def pulse(pulse_process: PulseDaemon) -> PulseDaemon:
    """The running daemon."""
    return pulse_process
