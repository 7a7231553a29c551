"""`python -m benchmarks`: it knows its names, and its cheapest measurement runs and says what was compared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from benchmarks.measure import alternately, percentile
from tests.cli.program import ROOT, SECONDS, environment
from tools import quiet


def _benchmarks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words], cwd=ROOT, env=environment(folder), capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip


def test_every_name_is_a_module_and_the_readme_says_each() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert (ROOT / "benchmarks" / f"{name}.py").is_file()
        assert f"python -m benchmarks {name}`" in readme


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    ended = _benchmarks("speed", folder=tmp_path)
    assert ended.returncode == 2
    assert "speed is none of analysis" in ended.stderr


def test_a_measurement_compares_two_times(tmp_path: Path) -> None:
    ended = _benchmarks("analysis", "--json", folder=tmp_path)
    assert ended.returncode in (0, 1), ended.stderr
    first = json.loads(ended.stdout)[0]
    assert first["ratio"] == pytest.approx(first["theirs"] / first["ours"])
    assert first["reference"] == "full torchinfo.summary"
    assert first["met"] == (first["ratio"] >= 200)


def test_medians_are_taken_in_turn_and_the_first_is_left_out() -> None:
    order: list[str] = []

    def taking(name: str, values: list[float]) -> float:
        order.append(name)
        return values.pop(0)

    ours, theirs = [100.0, 1.0, 2.0, 3.0], [100.0, 4.0, 9.0, 5.0]
    assert alternately(lambda: taking("a", ours), lambda: taking("b", theirs), times=3) == (2.0, 5.0)
    assert order == ["a", "b"] * 4
    assert percentile([float(n) for n in range(100)], 0.99) == 99.0


@pytest.mark.parametrize(
    ("busy", "stolen", "said"),
    [
        (400, 0, ""),
        (200, 200, "of the processors' time 50 % by the machine's host"),
        (1000, 0, "of the processors' time 60 % by other programs"),
    ],
)
def test_a_measurement_that_others_disturbed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: int, stolen: int, said: str
) -> None:
    stat = tmp_path / "stat"
    monkeypatch.setattr(quiet, "_STAT", stat)
    monkeypatch.setattr(os, "sysconf", lambda _name: 100)
    own = iter([os.times_result((1.0, 0.0, 0.0, 0.0, 0.0)), os.times_result((3.0, 1.0, 1.0, 0.0, 0.0))])
    monkeypatch.setattr(os, "times", lambda: next(own))
    stat.write_text("cpu  50 0 50 900 0 0 0 0 0 0\ncpu0 1 1 1 1\n")
    watch = quiet.Watch()
    stat.write_text(f"cpu  {50 + busy // 2} 0 {50 + busy // 2} 999 0 0 0 {stolen} 0 0\n")
    assert watch.noise() == said


def test_where_the_system_does_not_tell_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet, "_STAT", tmp_path / "none")
    assert quiet.Watch().noise() == ""
