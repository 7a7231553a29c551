"""The commands about drawings, without torch: presets, new, check, summary --no-confirm, and what they do with bad files."""

import json
import os
import re
import resource
from pathlib import Path

import pytest

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.files import dumps, read_design, write_design
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Attention, InputSpec, Norm, Order, ShortcutKind
from tests.cli.program import refusal, run


def test_presets_are_listed_in_columns(tmp_path: Path) -> None:
    ended = run("presets", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    rows = [line for line in lines if line.split(" ")[0] in PRESETS]
    assert [row.split(" ")[0] for row in rows] == list(PRESETS)
    assert len({len(row) for row in rows}) == 1
    assert re.search(r"25,557,032 +4\.089 G$", ended.stdout, re.MULTILINE)
    assert "multiply-adds" in lines[-1]


def test_presets_as_json(tmp_path: Path) -> None:
    listed = json.loads(run("presets", "--json", folder=tmp_path).stdout)
    assert [entry["name"] for entry in listed] == list(PRESETS)
    for entry in listed:
        totals = analyse(preset(entry["name"])).totals
        assert (entry["params"], entry["macs"]) == (totals.params, totals.macs)


def test_new_writes_the_preset(tmp_path: Path) -> None:
    ended = run("new", "resnet50", "-o", "a.resnet.json", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert read_design(tmp_path / "a.resnet.json") == preset("resnet50")
    assert "25,557,032 parameters" in ended.stdout


def test_new_with_another_input_and_classes(tmp_path: Path) -> None:
    ended = run("new", "resnet18", "-o", "a.json", "--input", "1x28x32", "--classes", "7", folder=tmp_path)
    design = read_design(tmp_path / "a.json")
    assert ended.returncode == 0
    assert design == edits.adapt(
        preset("resnet18"), spec=InputSpec(channels=1, height=28, width=32), classes=7
    )


def test_new_of_what_does_not_work_says_so_and_writes_it(tmp_path: Path) -> None:
    ended = run("new", "resnet18", "-o", "a.json", "--input", "3x8x8", folder=tmp_path)
    assert ended.returncode == 1
    assert "problem: Stage 3, block 1: stride 2 on a 1x1 map" in ended.stdout
    assert read_design(tmp_path / "a.json").input.height == 8


def test_new_replaces_nothing_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("precious")
    assert "a.json exists." in refusal(run("new", "resnet18", "-o", "a.json", folder=tmp_path))
    assert (tmp_path / "a.json").read_text() == "precious"
    assert run("new", "resnet18", "-o", "a.json", "--force", folder=tmp_path).returncode == 0
    assert read_design(tmp_path / "a.json") == preset("resnet18")


def test_new_on_a_disk_without_room(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("precious")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    ended = run("new", "resnet18", "-o", "a.json", "--force", folder=tmp_path, preexec_fn=little_room)
    assert "a.json could not be written (File too large)" in refusal(ended)
    assert (tmp_path / "a.json").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_check_of_a_sound_and_of_a_broken_drawing(tmp_path: Path) -> None:
    sound = run("check", "resnet50", folder=tmp_path)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.startswith("ResNet-50 is sound: input 3x224x224, 16 blocks, 25,557,032 parameters")
    broken = edits.change_blocks(preset("resnet50"), ["s2b1"], shortcut=ShortcutKind.IDENTITY)
    write_design(tmp_path / "b.json", broken)
    ended = run("check", "b.json", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout == (
        "problem: Stage 2, block 1: 256 → 512, stride 2: the addition gets 512·28² and 256·56²; "
        "needs a projection (the window repairs it: Add projection)\n"
    )
    (problem,) = json.loads(run("check", "b.json", "--json", folder=tmp_path).stdout)["problems"]
    assert (problem["code"], problem["where"], problem["repair"]) == ("shortcut", "s2b1", "Add projection")


def test_advice_is_printed_and_is_no_problem(tmp_path: Path) -> None:
    design = preset("resnet18")
    odd = edits.change_blocks(design, [block.id for block in design.blocks()], order=Order.FULL_PREACT)
    write_design(tmp_path / "a.json", odd)
    ended = run("check", "a.json", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    first, second, last = ended.stdout.splitlines()
    assert first.startswith("advice: Stem: activates what the first block")
    assert second.startswith("advice: Head: ")
    assert "is sound" in last
    told = json.loads(run("summary", "a.json", "--no-confirm", "--json", folder=tmp_path).stdout)
    assert (told["problems"], [advice["where"] for advice in told["advice"]]) == ([], ["stem", "head"])


def test_summary_says_what_later_papers_added(tmp_path: Path) -> None:
    added = edits.change_blocks(
        preset("resnet50"), ["s2b2"], attention=Attention.SE, norm=Norm.GROUP, dilation=2, dropout=0.3, drop_path=0.1,
    )  # fmt: skip
    write_design(tmp_path / "a.json", added)
    lines = run("summary", "a.json", "--no-confirm", folder=tmp_path).stdout.splitlines()
    kinds = {
        line.split()[0]: " ".join(re.split(r"  +", line)[1:2])
        for line in lines
        if line.startswith("layer2.1.")
    }
    told = [kinds[f"layer2.1.{name}"] for name in ("bn1", "conv2", "drop", "se.fc1", "se.scale", "drop_path")]
    assert told == [
        "group_norm g32",
        "conv 3x3 d2",
        "dropout 0.3",
        "conv 1x1 + bias",
        "scale (×)",
        "drop_path 0.1",
    ]
    folded = run("summary", "a.json", "--no-confirm", "--fold", folder=tmp_path).stdout
    assert "bottleneck, identity, se, group norm 32, dilation 2, dropout 0.3, drop path 0.1" in folded


@pytest.mark.parametrize("command", [["train"], ["export", "-o", "x.pt"]], ids=["train", "export"])
def test_a_broken_drawing_is_neither_trained_nor_exported(tmp_path: Path, command: list[str]) -> None:
    write_design(tmp_path / "b.json", edits.set_head(edits.adapt(
        preset("digits_starter"), spec=InputSpec(channels=1, height=1, width=1), classes=10), head=preset("digits_starter").head))  # fmt: skip
    ended = run(command[0], "b.json", *command[1:], folder=tmp_path)
    said = refusal(ended, code=1)
    assert "Stage 2, block 1: stride 2 on a 1x1 map" in said
    assert "`resnet-studio check b.json` lists all" in said
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_a_file_wins_over_a_preset_and_a_folder_does_not(tmp_path: Path) -> None:
    (tmp_path / "resnet18").write_text(dumps(preset("cifar_resnet20")))
    (tmp_path / "resnet34").mkdir()
    assert run("check", "resnet18", folder=tmp_path).stdout.startswith("CIFAR ResNet-20 is sound")
    assert run("check", "resnet34", folder=tmp_path).stdout.startswith("ResNet-34 is sound")


def test_summary_for_people(tmp_path: Path) -> None:
    ended = run("summary", "resnext50_32x4d", "--no-confirm", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "layer1.0.conv2" in ended.stdout
    assert "conv 3x3 g32" in ended.stdout
    assert "parameters          25,028,904 (100.1 MB as float32)" in ended.stdout
    assert "4.230 GMACs" in ended.stdout
    assert "batch 1" in ended.stdout
    rows = [line for line in ended.stdout.splitlines() if line.startswith("layer")]
    assert len({len(line) for line in rows[1:]}) == 1


def test_summary_folds(tmp_path: Path) -> None:
    ended = run("summary", "resnet152", "--no-confirm", "--fold", folder=tmp_path)
    assert "Stage 3, blocks 2-36" in ended.stdout
    assert "bottleneck x35, identity" in ended.stdout
    assert len(ended.stdout.splitlines()) < 25


def test_summary_for_another_input(tmp_path: Path) -> None:
    words = ("summary", "resnet50", "--input", "3x160x160", "--no-confirm", "--json")
    told = json.loads(run(*words, folder=tmp_path).stdout)
    assert told["input"] == [3, 160, 160]
    assert told["params"] == 25_557_032
    assert told["confirmed_by"] is None
    assert "--no-confirm" in told["unconfirmed_because"]


def test_summary_json_is_the_plan(tmp_path: Path) -> None:
    told = json.loads(run("summary", "resnet50", "--no-confirm", "--json", folder=tmp_path).stdout)
    plan = analyse(preset("resnet50"))
    assert (told["params"], told["macs"], told["problems"]) == (25_557_032, plan.totals.macs, [])
    assert f"{told['macs'] / 1e9:.3f}" == "4.089"
    assert told["flops"] == 2 * told["macs"]
    rows = told["layers"]
    assert [row["name"] for row in rows] == [name for name, _, _ in plan.layers()]
    assert sum(row["params"] for row in rows) == told["params"]
    assert sum(row["macs"] for row in rows) == told["macs"]
    first = rows[0]
    assert (first["name"], first["kind"]) == ("conv1", "conv")
    assert (first["input_shape"], first["output_shape"]) == ([3, 224, 224], [64, 112, 112])
    assert (first["params"], first["macs"]) == (9408, 118_013_952)


def test_summary_of_a_broken_drawing_stays_alive(tmp_path: Path) -> None:
    write_design(tmp_path / "b.json", edits.set_head(preset("resnet18"), head=None))
    ended = run("summary", "b.json", "--json", folder=tmp_path)
    told = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert [problem["code"] for problem in told["problems"]] == ["head"]
    assert told["params"] == 11_689_512 - 513_000
    assert told["confirmed_by"] is None
    assert "problems" in told["unconfirmed_because"]


def _fifo(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b""), "It is not JSON"),
        (lambda path: path.write_bytes(b"\x00" * 100), "It is not JSON"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda path: path.write_text("[" * 100_000), "nested too deeply"),
        (lambda path: path.write_bytes(b" " * 5_000_000), "larger than 4 MB"),
        (lambda path: path.write_text('{"format": 99}'), "It has format 99; this ResNet Studio reads up to format 2"),
        (lambda path: path.write_text('{"nodes": []}'), "not a ResNet Studio design"),
        (lambda path: path.write_text(dumps(preset("resnet18")).replace('"stride": 2', '"stride": 2.0', 1)), "stem.stride"),
        (_fifo, "not a regular file"),
        (Path.mkdir, "This is a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
        (lambda path: path.symlink_to(path), "could not be read"),
    ],
    ids=["empty", "zeros", "binary", "deep", "huge", "newer", "foreign", "float", "fifo", "folder", "device", "circle"],
)  # fmt: skip
def test_a_bad_file_is_named(tmp_path: Path, make: object, said: str) -> None:
    path = tmp_path / "bad.resnet.json"
    make(path)  # type: ignore[operator]
    for words in (["check", path.name], ["summary", path.name, "--json"], ["train", path.name]):
        line = refusal(run(*words, folder=tmp_path))
        assert said in line
        assert "bad.resnet.json: " in line


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"r\xe9seau.json")
    write_design(tmp_path / name, preset("resnet18"))
    ended = run("check", name, folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    (tmp_path / name).write_text("{}")
    assert "r\\udce9seau.json" in refusal(run("check", name, folder=tmp_path))
