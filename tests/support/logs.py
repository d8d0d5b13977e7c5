"""Silence is the rule: an unexpected log line, Qt message or QML message fails the test that produced it.

What it is for: a pytest plugin (loaded by `tests/conftest.py`) that listens to all that is logged at WARNING
or above while a test is set up, run and torn down. Qt's messages, QML's `console.log` among them, are passed
on to the logger `qt`, so that one guard and one way to expect a line serve both. What it does not do: Python
warnings and exceptions in threads or finalisers; pytest's own `filterwarnings = ["error"]` makes those fail.

A test that provokes a line says so, and the line must then come:

    @pytest.mark.expected_log("rejected: replayed challenge")
    def test_a_replayed_challenge_is_refused(): ...

    def test_two_accepts(expected_log):
        expected_log("lost the race", logger="signaling.service.hub")
"""

from __future__ import annotations

import gc
import logging
import re
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

#: Chatter of Qt's own libraries below a warning (versions, devices found) is not a message of ours.
_OUR_QT_CATEGORIES = frozenset({"default", "qml", "js"})

ExpectLog = Callable[..., None]


@dataclass(slots=True)
class _Expectation:
    """One line that a test says will come. `seen` turns true when it has."""

    pattern: re.Pattern[str]
    level: int
    logger: str | None
    optional: bool
    seen: bool = False

    def matches(self, record: logging.LogRecord) -> bool:
        if record.levelno != self.level or (self.logger is not None and record.name != self.logger):
            return False
        return self.pattern.search(record.getMessage()) is not None

    def __str__(self) -> str:
        where = f" from {self.logger}" if self.logger else ""
        return f"{logging.getLevelName(self.level)}{where} matching {self.pattern.pattern!r}"


def _expectation(
    pattern: str, *, level: str = "WARNING", logger: str | None = None, optional: bool = False
) -> _Expectation:
    number = logging.getLevelNamesMapping()[level]
    if number < logging.WARNING:
        raise ValueError(f"lines below WARNING need not be expected: {level}")
    return _Expectation(re.compile(pattern), number, logger, optional)


class _Listener(logging.Handler):
    """Keeps every record at WARNING or above, from any thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def take(self) -> list[logging.LogRecord]:
        # One swap, so that a line that another thread adds meanwhile is kept for the next look.
        taken, self.records = self.records, []
        return taken


_EXPECTED = pytest.StashKey[list[_Expectation]]()
_HAS_FAILED = pytest.StashKey[bool]()


class SilenceGuard:
    """The plugin object: listens during each phase of each test, and once more when all are done."""

    def __init__(self) -> None:
        self._listener = _Listener()
        self._stray: list[str] = []
        self._structlog: dict[str, Any] = {}
        self._has_qt_handler = False

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        _route_structlog_to_logging()
        self._structlog = structlog.get_config()
        self._listen()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        marks = [_expectation(*mark.args, **mark.kwargs) for mark in item.iter_markers("expected_log")]
        item.stash[_EXPECTED] = marks
        item.stash[_HAS_FAILED] = False
        structlog.configure(**self._structlog)
        yield from self._phase(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        yield from self._phase(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        yield from self._phase(item)
        missing = [wanted for wanted in item.stash[_EXPECTED] if not wanted.seen and not wanted.optional]
        if missing and not item.stash[_HAS_FAILED]:
            pytest.fail("Expected log lines that never came:\n" + _listed(missing), pytrace=False)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        gc.collect()  # a task whose exception nobody read says so when it is collected
        self._stray += [_described(record) for record in self._listener.take()]
        if self._stray and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._stray:
            terminalreporter.section("Log lines outside of any test", red=True)
            terminalreporter.write_line(_listed(self._stray))

    @pytest.hookimpl
    def pytest_unconfigure(self) -> None:
        logging.getLogger().removeHandler(self._listener)
        if self._has_qt_handler:
            sys.modules["PySide6.QtCore"].qInstallMessageHandler(None)

    def _phase(self, item: pytest.Item) -> Generator[None, None, None]:
        self._listen()
        try:
            yield
        except BaseException:
            item.stash[_HAS_FAILED] = True
            unexpected = self._unexpected(item)
            if unexpected:
                item.add_report_section("call", "unexpected log", _listed(unexpected))
            raise
        unexpected = self._unexpected(item)
        if unexpected:
            item.stash[_HAS_FAILED] = True
            pytest.fail("Unexpected log lines:\n" + _listed(unexpected), pytrace=False)

    def _unexpected(self, item: pytest.Item) -> list[str]:
        strays = []
        for record in self._listener.take():
            found = [wanted for wanted in item.stash[_EXPECTED] if wanted.matches(record)]
            for wanted in found:
                wanted.seen = True
            if not found:
                strays.append(_described(record))
        return strays

    def _listen(self) -> None:
        # Each time anew, because a program under test may set up logging or Qt's handler for itself.
        root = logging.getLogger()
        if self._listener not in root.handlers:
            root.addHandler(self._listener)
        core = sys.modules.get("PySide6.QtCore")
        if core is not None:
            core.qInstallMessageHandler(_pass_on_qt_message)
            self._has_qt_handler = True


def _pass_on_qt_message(kind: Any, context: Any, text: str) -> None:
    category = context.category or "default"
    names = {"default": "qt", "qml": "qt.qml", "js": "qt.qml"}  # Qt's own categories begin with "qt." already
    name = names.get(category, category)
    severe = {"QtWarningMsg": logging.WARNING, "QtCriticalMsg": logging.ERROR, "QtFatalMsg": logging.CRITICAL}
    quiet = logging.WARNING if category in _OUR_QT_CATEGORIES else logging.INFO
    where = f" ({context.file}:{context.line})" if context.file else ""
    logging.getLogger(name).log(severe.get(kind.name, quiet), "%s%s", text, where)


def _route_structlog_to_logging() -> None:
    # Unconfigured, structlog prints to standard output, where no guard would hear it.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _described(record: logging.LogRecord) -> str:
    text = f"{record.levelname} {record.name}: {record.getMessage()} ({record.pathname}:{record.lineno})"
    if record.exc_info:
        text += "\n" + logging.Formatter().formatException(record.exc_info)
    return text


def _listed(things: list[Any]) -> str:
    return "\n".join(f"  {thing}" for thing in things)


@pytest.fixture
def expected_log(request: pytest.FixtureRequest) -> ExpectLog:
    """Says from inside a test which line will come: `expected_log(pattern, level=, logger=, optional=)`."""

    def expect(pattern: str, *, level: str = "WARNING", logger: str | None = None, optional: bool = False) -> None:
        wanted = _expectation(pattern, level=level, logger=logger, optional=optional)
        request.node.stash[_EXPECTED].append(wanted)

    return expect


def pytest_configure(config: pytest.Config) -> None:
    """Take over from pytest-qt's own capture, which looks only while the test's body runs."""
    if config.pluginmanager.has_plugin("_qt_logging"):
        config.pluginmanager.unregister(name="_qt_logging")
    config.pluginmanager.register(SilenceGuard(), "silence-guard")
