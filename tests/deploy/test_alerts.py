"""Every alert goes off above its threshold and is silent below it: Prometheus's own tool evaluates the very rules."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from msgspec import Struct

from server.http.metrics import ALARMING, Metrics

from .test_monitoring import MONITORING, RULES

Series = Mapping[str, str]  # a series -> its values every five seconds, in promtool's notation
SESSION = 'nhipcau_http_seconds_bucket{route="/api/session",le="%s"}'
POINTS = 'nhipcau_sockets{audience="point",instance="%s"}'
READY = 'haproxy_server_status{proxy="ready",server="%s",state="%s"}'
CLOSES = 'nhipcau_socket_closes_total{code="%s"}'
PROBLEMS = 'nhipcau_problems_total{code="%s"}'
JOB = '{job="nhipcau",instance="s1"}'
SEEN = 'nhipcau_bridges_%s{bridge="cau1",instance="%s"}'  # a bridge as each server tells of it
PACKETS = 'nhipcau_bridge_worker_%s_total{worker="0",instance="b1"}'
UPLINKS = 'nhipcau_bridge_uplinks{job="bridge",instance="b1",state="%s"}'
HALL = 'nhipcau_bridge_publisher_loss{job="bridge",instance="b1",stream="%s"}'
GIB = 2**30


class Case(Struct, frozen=True):
    """`above` makes the alert go off within `after`, `below` never does."""

    alert: str
    after: str
    above: Series
    below: Series


CASES = [
    Case(
        "NhipcauNobodyReady", "1m",
        {READY % ("s1", "UP"): "1 0x20", READY % ("s2", "UP"): "0x20"},
        {READY % ("s1", "UP"): "1 0x20", READY % ("s2", "UP"): "1x20"},
    ),
    Case("NhipcauServerDown", "1m", {f"up{JOB}": "1 0x20"}, {f"up{JOB}": "1 0 0 1x20"}),
    Case(
        "NhipcauServerNotReady", "1m",
        {READY % ("s1", "NOLB"): "0 1x20"},
        {READY % ("s1", "NOLB"): "0 1 1 1 0x20", READY % ("s1", "DOWN"): "1x20"},
    ),
    Case("NhipcauProxyDown", "1m", {'up{job="haproxy"}': "1 0x20"}, {'up{job="haproxy"}': "1x20", f"up{JOB}": "0x20"}),
    Case(
        "NhipcauServerRestarted", "5m",
        {f"process_start_time_seconds{JOB}": "100x20 400x60"},
        {f"process_start_time_seconds{JOB}": "100x80"},
    ),
    Case(
        "NhipcauInternalErrors", "2m",
        {PROBLEMS % "internal": "0x10 1x30"},
        {PROBLEMS % "internal": "7x40", PROBLEMS % "busy": "0+9x40"},
    ),
    Case(
        "NhipcauBusy", "3m",
        {'nhipcau_commands_total{type="check_in",outcome="busy"}': "0+1x40"},
        {'nhipcau_commands_total{type="check_in",outcome="done"}': "0+100x40"},
    ),
    Case("NhipcauDegraded", "1m", {"nhipcau_degraded": "0 1x20"}, {"nhipcau_degraded": "0 1 1 0x20"}),
    Case(
        "NhipcauLinesLost", "3m",
        {POINTS % "s1": "500x28 250x20", POINTS % "s2": "500x28 540x20"},
        {POINTS % "s1": "500x28 0x20", POINTS % "s2": "500x28 810x20"},
    ),
    Case(
        "NhipcauSlowLines", "8m",
        {CLOSES % "4000": "0+1x120"},
        {CLOSES % "4000": "0+1x3 3x120", CLOSES % "1012": "0+9x120"},
    ),
    Case(
        "NhipcauSlowAnswers", "4m",
        {SESSION % "0.5": "0+98x60", SESSION % "2": "0+100x60", SESSION % "+Inf": "0+100x60"},
        {SESSION % "0.5": "0+100x60", SESSION % "2": "0+100x60", SESSION % "+Inf": "0+100x60"},
    ),
    Case(
        "NhipcauProcessorFull", "4m",
        {f"process_cpu_seconds_total{JOB}": "0+4.5x60"},
        {f"process_cpu_seconds_total{JOB}": "0+4x60"},
    ),
    Case(
        "NhipcauOpenFiles", "1m",
        {f"process_open_fds{JOB}": "110000x20", f"process_max_fds{JOB}": "131072x20"},
        {f"process_open_fds{JOB}": "100000x20", f"process_max_fds{JOB}": "131072x20"},
    ),
    Case(
        "NhipcauManyLines", "1m",
        {POINTS % "s1": "48000x20", 'nhipcau_sockets{audience="wall",instance="s1"}': "1x20"},
        {POINTS % "s1": "48000x20", POINTS % "s2": "48000x20"},
    ),
    Case(
        "NhipcauGuessing", "8m",
        {PROBLEMS % "login_failed": "0+6x120", PROBLEMS % "rate_limited": "0+6x120"},
        {PROBLEMS % "login_failed": "0+6x120"},
    ),
    Case(
        "NhipcauStorageFull", "2m",
        {PROBLEMS % "storage_full": "0x10 1x30"},
        {PROBLEMS % "storage_full": "0x40"},
    ),
    Case(
        "NhipcauMemory", "3m",
        {f"process_resident_memory_bytes{JOB}": f"{GIB + 1}x60", f"up{JOB}": "1x60"},
        {f"process_resident_memory_bytes{JOB}": f"{2 * GIB}x60", f"up{JOB}": "1x60", POINTS % "s1": "50000x60"},
    ),
    Case(
        "NhipcauBridgeGone", "1m",
        {SEEN % ("alive", "s1"): "1 0x20", SEEN % ("alive", "s2"): "1 0x20", SEEN % ("draining", "s1"): "0x20"},
        {SEEN % ("alive", "s1"): "1 0x20", SEEN % ("draining", "s1"): "1x20"},
    ),
    Case(
        "NhipcauBridgeWorkerDown", "1m",
        {'nhipcau_bridge_worker_up{worker="0"}': "1 0x20"},
        {'nhipcau_bridge_worker_up{worker="0"}': "1 0 0 1x20"},
    ),
    Case(
        "NhipcauBridgeFull", "1m",
        {SEEN % ("viewers", "s1"): "631x20", SEEN % ("capacity", "s1"): "700x20"},
        {SEEN % ("viewers", s): "630x20" for s in ("s1", "s2")} | {SEEN % ("capacity", "s1"): "700x20"},
    ),
    Case(
        "NhipcauBridgeBusy", "2m",
        {SEEN % ("busy", "s1"): "0.86x40"},
        {SEEN % ("busy", "s1"): "0.85x40"},
    ),
    Case(
        "NhipcauBridgeDrops", "3m",
        {PACKETS % "sent": "0+9000x60", PACKETS % "dropped": "0+10x60"},
        {PACKETS % "sent": "0+9000x60", PACKETS % "dropped": "0+8x60"},
    ),
    Case(
        "NhipcauBridgeSheds", "3m",
        {PACKETS % "sent": "0+9000x60", PACKETS % "shed": "0+10x60"},
        {PACKETS % "sent": "0+9000x60", PACKETS % "shed": "0+8x60"},
    ),
    Case(
        "NhipcauOnSlate", "1m",
        {'nhipcau_programmes_on_slate{instance="s1"}': "0 1x20"},
        {'nhipcau_programmes_on_slate{instance="s1"}': "0 1 1 0x20"},
    ),
    Case("NhipcauHallLossy", "1m", {HALL % "main": "0.06x20"}, {HALL % "main": "0.05x20", HALL % "point": "0.3x20"}),
    Case(
        "NhipcauUplinkDown", "1m",
        {UPLINKS % "wanted": "2x20", UPLINKS % "up": "2 1x20"},
        {UPLINKS % "wanted": "2x20", UPLINKS % "up": "1 1 2x20"},
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("Prometheus is not installed: as root, `make system` installs it")
    return found


def said(promtool: str, cases: list[Case], folder: Path) -> str:
    """What the tool found: "FAILED" and the alert, where one of them is silent above or goes off below."""
    tests = [
        {
            "name": f"{case.alert} {'above' if goes_off else 'below'}",
            "interval": "5s",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            # `count` is 0 or 1, whatever labels the alert has.
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertname="{case.alert}",alertstate="firing"}}) or vector(0)',
                    "eval_time": case.after,
                    "exp_samples": [{"labels": "{}", "value": int(goes_off)}],
                }
            ],
        }
        for case in cases
        for goes_off, series in ((True, case.above), (False, case.below))
    ]
    rules = str(MONITORING / "nhipcau.rules.yml")
    (folder / "alerts.yml").write_text(
        yaml.safe_dump({"rule_files": [rules], "evaluation_interval": "5s", "tests": tests})
    )
    done = subprocess.run([promtool, "test", "rules", folder / "alerts.yml"], capture_output=True, text=True)
    return done.stdout + done.stderr


def test_every_alert_goes_off_above_its_threshold_and_is_silent_below(promtool: str, tmp_path: Path) -> None:
    assert {case.alert for case in CASES} == {rule["alert"] for rule in RULES}
    assert "SUCCESS" in (told := said(promtool, CASES, tmp_path)), told


def test_an_alert_that_is_wrong_would_be_found(promtool: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.alert == "NhipcauProcessorFull")
    turned = Case(case.alert, case.after, case.below, case.above)
    told = said(promtool, [turned], tmp_path)
    assert (told.count("got:"), "FAILED" in told) == (2, True)


def test_what_must_not_be_missed_once_is_told_before_it_happens() -> None:
    told = Metrics().text().decode()
    for code in ALARMING:
        assert f'nhipcau_problems_total{{code="{code}"}} 0.0' in told
