"""The commands on runs that were made: the list, two compared, one evaluated."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.labels import Label, write_label
from tests.cli.program import ROOT, environment, refusal, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, runs/a (with a label) and runs/b (another seed), and runs/broken."""
    place = tmp_path_factory.mktemp("runs")
    for name, seed in (("a", "1"), ("b", "2")):
        ended = run(
            "train", "digits_starter", "--data", "digits", "--epochs", "1", "--seed", seed, "--run", f"runs/{name}", folder=place
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
    write_label(RunFolder(place / "runs" / "a"), Label(name="First try", tags=("good",)))
    (place / "runs" / "broken").mkdir()
    (place / "runs" / "broken" / "run.json").write_text("{")
    return place


def test_the_list(folder: Path) -> None:
    told = json.loads(run("runs", "runs", "--json", folder=folder).stdout)
    by_name = {Path(entry["run"]).name: entry for entry in told}
    assert by_name["a"]["name"] == "First try"
    assert by_name["a"]["spec"]["seed"] == 1
    assert by_name["b"]["epochs_done"] == 1
    assert by_name["broken"]["state"] == "unreadable"
    lines = run("runs", "runs", folder=folder).stdout.splitlines()
    assert any(line.startswith("a (First try)") and "finished" in line for line in lines)
    tagged = json.loads(run("runs", "runs", "--tag", "good", "--json", folder=folder).stdout)
    assert [Path(entry["run"]).name for entry in tagged] == ["a"]
    assert "There is no folder" in refusal(run("runs", "nowhere", folder=folder))


def test_the_list_needs_no_torch(folder: Path) -> None:
    program = "import sys; sys.modules['torch'] = None; from resnet_studio.cli.entry import main; sys.exit(main(sys.argv[1:]))"
    for words in (["runs", "runs"], ["compare", "runs/a", "runs/b"]):
        ended = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=folder, env=environment(folder / ".home", {"PYTHONPATH": str(ROOT)}),
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr


def test_two_compared(folder: Path) -> None:
    told = json.loads(run("compare", "runs/a", "runs/b", "--json", folder=folder).stdout)
    assert told["settings"] == [["Seed", "1", "2"]]
    assert told["same"]
    same = run("compare", "runs/a", "runs/a", folder=folder).stdout
    assert "no difference" in same
    assert "The two runs have the same settings." in same


def test_one_evaluated(folder: Path) -> None:
    told = json.loads(run("evaluate", "runs/a", "--json", "--worst", "3", folder=folder).stdout)
    assert sum(map(sum, told["counts"])) == told["images"] == 355
    right = sum(told["counts"][number][number] for number in range(10))
    assert told["top1"] == pytest.approx(right / 355)
    assert len(told["worst"]) <= 3
    words = run("evaluate", "runs/a", folder=folder).stdout
    assert "355 validation images" in words
    assert "mostly taken for" in words
    assert "--worst must be" in refusal(run("evaluate", "runs/a", "--worst", "many", folder=folder))
    assert "no run" in refusal(run("evaluate", "resnet18", folder=folder))
