"""Weights on the command line: what a file holds, where it would go, training and exporting with it."""

import json
import re
from pathlib import Path

import pytest
import torch

from resnet_studio.design import edits
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.engine.build import build
from tests.cli.program import refusal, run

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """w.pth of the Digits starter; more.json, the same with a block more, and width 48 in its last."""
    place = tmp_path_factory.mktemp("weights")
    design = preset("digits_starter")
    torch.manual_seed(0)
    state = build(design).state_dict()
    torch.save(
        {"epoch": 3, "model": {f"module.{name}": tensor for name, tensor in state.items()}}, place / "w.pth"
    )
    more, _ = edits.insert_spec(design, 0, 1, design.stages[0].blocks[0].spec)
    write_design(place / "more.json", edits.change_blocks(more, {"s2b1"}, width=48))
    return place


# What w.pth brings into each block of more.json: carried, sliced, fresh.
BLOCKS = [
    ("Stem", "6", "-", "-"),
    ("Stage 1, block 1", "12", "-", "-"),
    ("Stage 1, block 2", "-", "-", "12"),
    ("Stage 2, block 1", "11", "-", "7"),
    ("Head", "2", "-", "-"),
]


def reported(printed: str) -> list[tuple[str, ...]]:
    """Every row of every report in what was printed: block and counts."""
    row = r"^(Stem|Head|Stage \d, block \d) .*?(\d+|-) +(\d+|-) +(\d+|-)$"
    return re.findall(row, printed, re.MULTILINE)


def test_what_a_file_holds(folder: Path) -> None:
    ended = run("weights", "w.pth", folder=folder)
    assert ended.returncode == 0, ended.stderr
    assert "network    Digits starter (by names and shapes)" in ended.stdout
    assert "The prefix 'module.' was taken off every name." in ended.stdout
    told = json.loads(run("weights", "w.pth", "--json", folder=folder).stdout)
    assert told["network"] == "Digits starter"
    assert {"name": "fc.bias", "dtype": "float32", "shape": [10]} in told["tensors"]


def test_where_it_would_go(folder: Path) -> None:
    ended = run("weights", "w.pth", "--into", "more.json", folder=folder)
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert any(line.startswith("Stage 1, block 2  a new block") for line in lines)
    assert "6 tensors could be sliced where channels changed: add --slice." in lines
    told = json.loads(
        run("weights", "w.pth", "--into", "more.json", "--slice", "--json", folder=folder).stdout
    )
    assert (told["sliced"], told["fresh"], told["offered"]) == (6, 12, 0)
    every = run("weights", "w.pth", "--into", "more.json", "--all", folder=folder).stdout
    assert "  layer2.0.conv1.weight  fresh  (64x32x3x3 → 48x32x3x3)" in every
    assert "  fc.weight  carried" in every


def test_an_origin_that_does_not_fit_is_refused(folder: Path) -> None:
    said = refusal(run("weights", "w.pth", "--into", "more.json", "--origin", "resnet18", folder=folder))
    assert "does not fit ResNet-18" in said


def test_neighbours_that_are_carried_whole_stand_in_one_row(folder: Path) -> None:
    told = run("weights", "w.pth", "--into", "digits_starter", folder=folder).stdout
    assert re.search(r"^Stem to Head +4 units, whole +38 +- +-$", told, re.MULTILINE)


def test_a_run_begins_with_them_and_an_export_takes_them(folder: Path, tmp_path: Path) -> None:
    ended = run(
        "train", "more.json", "--weights", "w.pth", "--epochs", "1", "--device", "cpu", "--run", tmp_path / "run",
        folder=folder,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "Stage 1, block 2  a new block" in ended.stdout
    assert "note: Weights of w.pth (Digits starter)" in ended.stdout
    assert reported(ended.stdout) == BLOCKS * 2  # before and after
    assert "put in   w.pth, read off the network:" in ended.stdout
    about = json.loads((tmp_path / "run" / "run.json").read_text())
    assert reported(run("follow", tmp_path / "run", folder=folder).stdout) == BLOCKS
    ended = run("resume", tmp_path / "run", "--json", folder=folder)
    units = json.loads(ended.stdout)["weights"]["units"]
    assert [[unit["place"], unit["carried"], unit["fresh"]] for unit in units][2:4] == [
        ["Stage 1, block 2", 0, 12], ["Stage 2, block 1", 11, 7]
    ]  # fmt: skip
    assert about["initial"]["source"] == str(folder / "w.pth")
    assert len(about["initial"]["sha256"]) == 64
    again = run("weights", tmp_path / "run", "--into", "more.json", folder=folder)
    assert "its design lies in the file" in again.stdout
    assert "5 of 5 units are carried whole." in again.stdout
    ended = run("export", "more.json", "--weights", "w.pth", "-o", tmp_path / "o.pt", folder=folder)
    assert ended.returncode == 0, ended.stderr
    assert reported(ended.stdout) == BLOCKS * 2  # before and after
    wrote = torch.load(tmp_path / "o.pt", weights_only=True)["state_dict"]
    gave = torch.load(folder / "w.pth", weights_only=True)["model"]
    assert all(torch.equal(wrote[name], gave[f"module.{name}"]) for name in ("conv1.weight", "fc.weight"))
    assert torch.equal(wrote["layer1.0.conv1.weight"], gave["module.layer1.0.conv1.weight"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("weights",), "Name a file"),
        (("weights", "nowhere.pt"), "nowhere.pt"),
        (("weights", "resnet5o"), "Did you mean resnet50"),
        (("weights", "w.pth", "--into", "nothing"), "nothing"),
        (("train", "digits_starter", "--slice"), "--weights"),
        (("export", "digits_starter", "--origin", "resnet18", "-o", "x.pt"), "--weights"),
    ],
)
def test_wrong_use_is_one_line(words: tuple[str, ...], told: str, folder: Path) -> None:
    assert told in refusal(run(*words, folder=folder))


def test_torchvisions_names(folder: Path) -> None:
    told = json.loads(run("weights", "--list", "--json", folder=folder).stdout)
    names = {entry["name"] for entry in told}
    assert {"ResNet50_Weights.IMAGENET1K_V1", "Wide_ResNet101_2_Weights.IMAGENET1K_V2"} <= names
