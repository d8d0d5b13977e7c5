"""Silence is a failure: what a run must not let pass, proven by a run that contains one of each.

The inner run uses this project's own pytest configuration and conftest; each inner test is judged by its
outcome.
"""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from textwrap import dedent

import pytest

NOISE = """
    import asyncio
    import gc
    import logging
    import threading
    import warnings

    import pytest
    import structlog


    def test_nothing():
        logging.getLogger("kiosk").info("all is well")


    def test_python_warning():
        warnings.warn("old ways")


    def test_warning_in_a_thread():
        thread = threading.Thread(target=lambda: warnings.warn("old ways"))
        thread.start()
        thread.join()


    def test_log_line():
        logging.getLogger("signaling").warning("who goes there")


    def test_structlog_line():
        structlog.get_logger("signaling").warning("who goes there", seat=7)


    def test_log_line_from_a_thread():
        thread = threading.Thread(target=logging.getLogger("kiosk").error, args=["lost"])
        thread.start()
        thread.join()


    @pytest.fixture
    def noisy_fixture():
        yield
        logging.getLogger("kiosk").warning("said while tearing down")


    def test_log_line_in_teardown(noisy_fixture):
        pass


    def test_logging_that_replaces_all_handlers():
        logging.basicConfig(force=True, handlers=[logging.NullHandler()])


    def test_log_line_after_handlers_were_replaced():
        logging.getLogger("kiosk").warning("still heard")


    @pytest.mark.expected_log("who goes")
    def test_marked_log_line():
        logging.getLogger("signaling").warning("who goes there")


    def test_announced_log_line(expected_log):
        expected_log("^lost$", level="ERROR", logger="kiosk")
        logging.getLogger("kiosk").error("lost")


    @pytest.mark.expected_log("who goes", level="ERROR")
    def test_marked_log_line_of_another_level():
        logging.getLogger("signaling").warning("who goes there")


    @pytest.mark.expected_log("who goes")
    def test_marked_log_line_that_never_comes():
        pass


    @pytest.mark.expected_log("who goes", optional=True)
    def test_marked_log_line_that_may_come():
        pass


    def test_exception_in_a_finaliser():
        class Leaky:
            def __del__(self):
                raise ValueError("too late")

        Leaky()


    def test_coroutine_never_awaited():
        async def work():
            pass

        work()


    async def test_task_whose_exception_nobody_reads():
        async def work():
            raise ValueError("unread")

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()


    async def test_callback_that_raises():
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


    def test_file_left_open():
        open(__file__)
"""

QML_NOISE = """
    import pytest
    from PySide6.QtCore import QUrl, qWarning
    from PySide6.QtQml import QQmlComponent, QQmlEngine


    def load(qapp, source):
        engine = QQmlEngine()
        component = QQmlComponent(engine)
        component.setData(source, QUrl("file:///screen.qml"))
        made = component.create()
        assert made is not None
        del made, component, engine


    def test_quiet_qml(qapp):
        load(qapp, b"import QtQml; QtObject { property int width: 3 }")


    def test_qt_warning(qapp):
        qWarning("oh")


    def test_qml_binding_error(qapp):
        load(qapp, b"import QtQml; QtObject { property int width: nothing.width }")


    def test_qml_console_log(qapp):
        load(qapp, b"import QtQml; QtObject { Component.onCompleted: console.log('here') }")


    @pytest.mark.expected_log("ReferenceError", logger="qt")
    def test_expected_qml_error(qapp):
        load(qapp, b"import QtQml; QtObject { property int width: nothing.width }")
"""

PASSING = {
    "test_nothing",
    "test_logging_that_replaces_all_handlers",
    "test_marked_log_line",
    "test_announced_log_line",
    "test_marked_log_line_that_may_come",
    "test_quiet_qml",
    "test_expected_qml_error",
}


def run_inner(folder: Path, root: Path, **files: str) -> tuple[int, dict[str, str], str]:
    """Run pytest on these files with this project's settings: exit code, outcome of each test, output."""
    (folder / "conftest.py").write_text((root / "tests" / "conftest.py").read_text())
    for name, source in files.items():
        (folder / f"{name}.py").write_text(dedent(source))
    command = [
        sys.executable, "-m", "pytest", "-c", str(root / "pyproject.toml"), f"--rootdir={folder}",
        "-o", f"cache_dir={folder / 'cache'}", f"--junitxml={folder / 'report.xml'}", str(folder),
    ]  # fmt: skip
    environment = os.environ | {"PYTEST_ADDOPTS": ""}
    ran = subprocess.run(command, cwd=root, env=environment, timeout=100, capture_output=True, text=True, check=False)
    outcomes: dict[str, str] = {}
    for case in ET.parse(folder / "report.xml").iter("testcase"):
        trouble = [child.tag for child in case if child.tag in {"failure", "error"}]
        name = case.get("name", "?")
        outcomes[name] = trouble[0] if trouble else outcomes.get(name, "passed")
    return ran.returncode, outcomes, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def inner(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("noise")
    code, outcomes, output = run_inner(folder, project_root, test_noise=NOISE, test_qml=QML_NOISE)
    assert code == pytest.ExitCode.TESTS_FAILED, output
    return outcomes


def test_what_is_quiet_or_announced_passes(inner: dict[str, str]) -> None:
    assert {name for name, outcome in inner.items() if outcome == "passed"} == PASSING


@pytest.mark.parametrize(
    "name",
    [
        "test_python_warning",
        "test_warning_in_a_thread",
        "test_log_line",
        "test_structlog_line",
        "test_log_line_from_a_thread",
        "test_log_line_in_teardown",
        "test_log_line_after_handlers_were_replaced",
        "test_marked_log_line_of_another_level",
        "test_marked_log_line_that_never_comes",
        "test_exception_in_a_finaliser",
        "test_coroutine_never_awaited",
        "test_task_whose_exception_nobody_reads",
        "test_callback_that_raises",
        "test_file_left_open",
        "test_qt_warning",
        "test_qml_binding_error",
        "test_qml_console_log",
    ],
)
def test_noise_fails_the_test_that_made_it(inner: dict[str, str], name: str) -> None:
    assert inner[name] in {"failure", "error"}


def test_a_log_line_outside_of_any_test_fails_the_run(tmp_path: Path, project_root: Path) -> None:
    late = """
        import gc, logging

        class Late:
            def __init__(self):
                self.me = self

            def __del__(self):
                logging.getLogger("kiosk").warning("said when all was over")

        gc.disable()

        def test_leaves_a_cycle_behind():
            Late()
    """
    code, outcomes, output = run_inner(tmp_path, project_root, test_late=late)
    assert outcomes == {"test_leaves_a_cycle_behind": "passed"}
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "said when all was over" in output
