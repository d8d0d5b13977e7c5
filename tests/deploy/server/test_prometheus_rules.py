"""The alert rules that come along: Prometheus' own tool takes them, they fire when they should, on real figures."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from signaling.adapters.health_metrics import HealthGauges
from signaling.adapters.metrics import PrometheusMetrics
from signaling.domain.alerts import Watched
from signaling.domain.health import KioskHealth, judge
from signaling.protocol.health import HealthNumber
from signaling.protocol.vocabulary import BranchId, KioskId

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: Prometheus makes `up`; the relay's figure is there once a relay is tried.
OTHERS = {"librarian_relay_reached"}
CANNOT = "LibrarianKioskCannotTakeACall"


@pytest.fixture(scope="module")
def rules(project_root: Path) -> Path:
    return project_root / "deploy" / "server" / "prometheus" / "alerts.yml"


def promtool(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)


def series(name: str, value: str, **labels: str) -> dict[str, str]:
    inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
    return {"series": f"{name}{{{inside}}}", "values": value}


def kiosk(kiosk_id: str, branch: str, *, light: int, connected: int) -> list[dict[str, str]]:
    """Half an hour in which a kiosk is like this all the time."""
    of = {"branch": branch, "kiosk": kiosk_id}
    found = [
        series("librarian_kiosk_light", f"{light}x30", **of),
        series("librarian_kiosk_connected", f"{connected}x30", **of),
    ]
    return found if connected else [*found, series("librarian_kiosk_finding", "1x30", **of, code="away")]


def names_in(rules: Path) -> list[str]:
    return re.findall(r"^ *- alert: (\w+)$", rules.read_text("utf-8"), flags=re.MULTILINE)


def fired(rules: Path, folder: Path, given: list[dict[str, str]], at: str = "10m", every: str = "1m") -> set[str]:
    """Which rules fire at a moment: the tool is told that none does, and says which do."""
    expected_none = [{"eval_time": at, "alertname": name, "exp_alerts": []} for name in names_in(rules)]
    case: dict[str, Any] = {
        "rule_files": [str(rules)],
        "evaluation_interval": every,
        "tests": [{"interval": every, "input_series": given, "alert_rule_test": expected_none}],
    }
    (folder / "case.yml").write_text(json.dumps(case), "utf-8")  # JSON is YAML, too
    ran = promtool("test", "rules", "case.yml", cwd=folder)
    found = set(re.findall(r"alertname: ?(\w+)", ran.stdout + ran.stderr))
    assert (ran.returncode == 0) == (found == set()), ran.stdout + ran.stderr
    return found


UP = series("up", "1x30", job="librarian", instance="desk")
WELL = [UP, *kiosk("k1", "a", light=0, connected=1), *kiosk("k2", "a", light=0, connected=1)]


def test_prometheus_takes_the_rules(rules: Path) -> None:
    checked = promtool("check", "rules", rules.name, cwd=rules.parent)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(names_in(rules))} rules found" in checked.stdout


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (WELL, set()),
        ([*WELL, *kiosk("k3", "b", light=3, connected=1)], set()),
        ([series("up", "0x30", job="librarian", instance="desk")], {"LibrarianServerAway"}),
        ([], {"LibrarianServerNotWatched"}),
        ([*WELL, series("librarian_relay_reached", "0x30", url="turn:relay")], {"LibrarianRelayUnreached"}),
        ([*WELL, *kiosk("k3", "b", light=2, connected=1)], {CANNOT}),
        ([*WELL, *kiosk("k3", "b", light=2, connected=0)], {CANNOT}),
        (
            [*WELL, *kiosk("k3", "b", light=2, connected=0), *kiosk("k4", "b", light=2, connected=0)],
            {CANNOT, "LibrarianBranchAway"},
        ),
        (
            [
                *WELL,
                *kiosk("k3", "b", light=2, connected=0),
                *kiosk("k4", "c", light=2, connected=0),
                *kiosk("k5", "d", light=2, connected=0),
            ],
            {CANNOT, "LibrarianMostKiosksAway"},
        ),
        (
            [*WELL, series("librarian_kiosk_drawn_age_seconds", "901x30", branch="a", kiosk="k1")],
            {"LibrarianKioskScreenNotProven"},
        ),
    ],
    ids=["well", "never seen", "server away", "unwatched", "relay", "red", "one away", "branch", "network", "screen"],
)
def test_the_right_rules_fire(rules: Path, tmp_path: Path, given: list[dict[str, str]], names: set[str]) -> None:
    assert fired(rules, tmp_path, given) == names


def test_a_kiosk_that_wants_a_look_is_told_after_an_hour(rules: Path, tmp_path: Path) -> None:
    of = {"branch": "a", "kiosk": "k1"}
    amber = [series("up", "1x90", job="librarian"), series("librarian_kiosk_light", "1x90", **of)]
    assert fired(rules, tmp_path, amber, "59m") == set()
    assert fired(rules, tmp_path, amber, "61m") == {"LibrarianKioskWantsALook"}


def test_a_disk_that_fills_is_told_before_it_is_full(rules: Path, tmp_path: Path) -> None:
    up = series("up", "1x100", job="librarian")
    filling = series("librarian_kiosk_disk_free_percent", "40-0.24x100", branch="a", kiosk="k1")
    steady = series("librarian_kiosk_disk_free_percent", "40x100", branch="a", kiosk="k1")
    assert fired(rules, tmp_path, [up, steady], "60h", every="1h") == set()
    assert fired(rules, tmp_path, [up, filling], "60h", every="1h") == {"LibrarianKioskDiskFills"}


def test_the_rules_name_only_figures_that_the_server_shows(rules: Path) -> None:
    metrics, k1 = PrometheusMetrics(), KioskId("k1")
    row = KioskHealth(
        k1,
        connected=False,
        changed_at=NOW - timedelta(hours=1),
        reported_at=NOW,
        tested_at=NOW,
        drawn_at=NOW,
        numbers=dict.fromkeys(HealthNumber, 1.0),
    )
    HealthGauges(metrics).show([Watched(k1, BranchId("a"), judge(row, NOW))], {k1: row}, NOW, 0)
    shown = set(re.findall(r"^(librarian_\w+)", metrics.text().decode(), flags=re.MULTILINE)) | OTHERS
    text = re.sub(r"^ *#.*$", "", rules.read_text("utf-8"), flags=re.MULTILINE)
    named = set(re.findall(r"librarian_\w+", text))
    assert named <= shown
    assert named >= {"librarian_kiosk_light", "librarian_kiosk_finding"}
