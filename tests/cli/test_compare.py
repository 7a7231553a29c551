"""The command `compare`: files, presets and runs side by side, as a table and as JSON, without torch."""

import json
import subprocess
import sys
from pathlib import Path

from resnet_studio.analysis.compare import compare
from resnet_studio.design import edits
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from tests.cli.program import ROOT, environment, refusal, run


def test_two_presets_as_a_table(tmp_path: Path) -> None:
    ended = run("compare", "resnet50", "resnet101", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0] == "ResNet-50 -> ResNet-101: 17 blocks added"
    (params,) = [line for line in lines if line.startswith("parameters")]
    assert params.split() == ["parameters", "25,557,032", "44,549,160", "+18,992,128"]
    (added,) = [line for line in lines if line.startswith("+")]
    assert "Stage 3, blocks 7-23" in added
    assert added.split()[-3:] == ["+18,992,128", "+3,712,221,184", "added"]


def test_only_differences_leaves_out_what_is_equal(tmp_path: Path) -> None:
    shown = run("compare", "resnet50", "resnet101", "--only-differences", folder=tmp_path).stdout
    assert "Stage 3, blocks 7-23" in shown
    assert "Stage 1" not in shown


def test_json_tells_every_block_once_with_its_numbers(tmp_path: Path) -> None:
    design = preset("resnet18")
    changed = edits.change_blocks(edits.remove_blocks(design, ["s2b2"]), ["s1b2"], width=96)
    write_design(tmp_path / "mine.resnet.json", changed)
    told = json.loads(run("compare", "resnet18", "mine.resnet.json", "--json", folder=tmp_path).stdout)
    assert told["words"] == "1 block changed, 1 removed"
    assert told["delta"] == compare(design, changed).deltas
    assert told["right"]["params"] - told["left"]["params"] == told["delta"]["params"]
    assert sum(row["delta"]["memory"] for row in told["rows"]) == told["delta"]["memory"]
    rows = [inner for row in told["rows"] for inner in row.get("rows", [])]
    assert [row["left"]["ids"] for row in rows] == [[block.id] for block in design.blocks()]
    (other,) = [row for row in rows if row["sign"] == "changed"]
    assert other["changes"] == [
        {"field": "width", "left": "64", "right": "96", "words": "width 96 instead of 64"}
    ]
    assert [row["right"] for row in rows if row["sign"] == "removed"] == [None]


def test_the_exit_code_tells_a_difference_where_it_is_asked(tmp_path: Path) -> None:
    assert run("compare", "resnet18", "resnet34", "--exit-code", folder=tmp_path).returncode == 1
    same = run("compare", "resnet18", "resnet18", "--exit-code", folder=tmp_path)
    assert same.returncode == 0
    assert same.stdout.startswith("ResNet-18 -> ResNet-18: no difference")


def test_a_drawing_with_problems_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    design = edits.change_blocks(preset("resnet18"), ["s2b1"], shortcut=ShortcutKind.IDENTITY)
    write_design(tmp_path / "broken.resnet.json", design)
    ended = run("compare", "resnet18", "broken.resnet.json", folder=tmp_path)
    assert ended.returncode == 1
    assert "problem in ResNet-18: Stage 2, block 1: " in ended.stdout
    assert "identity instead of projection" in ended.stdout


def test_what_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "Did you mean resnet50" in refusal(run("compare", "resnet18", "resnet5O", folder=tmp_path))
    assert "required" in refusal(run("compare", "resnet18", folder=tmp_path))


def test_it_needs_no_torch(tmp_path: Path) -> None:
    program = "import sys; sys.modules['torch'] = None; from resnet_studio.cli.entry import main; sys.exit(main(sys.argv[1:]))"
    ended = subprocess.run(
        [sys.executable, "-c", program, "compare", "resnet18", "cifar_resnet20"], cwd=tmp_path,
        env=environment(tmp_path / ".home", {"PYTHONPATH": str(ROOT)}), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "1 stage removed" in ended.stdout
