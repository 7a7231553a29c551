"""The exported `.pt`: loads where only torch is, gives the network back, and never harms the file that was there."""

import io
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from safetensors.torch import load_file
from torch import Tensor

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.engine.build import ProblemsError, build
from resnet_studio.engine.exporting import as_weights
from resnet_studio.engine.exporting import export as room
from resnet_studio.engine.exporting.export import ComparisonError, export, export_run
from resnet_studio.engine.exporting.proof import difference, sample
from resnet_studio.engine.training.checkpoint import load_weights
from resnet_studio.engine.weights.file import Contents, load_pt, plain, write_pt
from tests.engine.train_helpers import new_run, train_here

SMALL = preset("digits_starter")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the clean process, for what is tested around it."""
    monkeypatch.setattr(room, "compare_in_clean_process", lambda *files, **more: [0.0, 0.0, 0.0])


def left(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


TORCHVISIONS = (
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
)  # fmt: skip


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", TORCHVISIONS)
def test_exported_weights_give_torchvisions_network_the_same_outputs(tmp_path: Path, name: str) -> None:
    export(preset(name), tmp_path / "net.safetensors")
    theirs = torchvision.models.get_model(name).eval()
    theirs.load_state_dict(load_file(tmp_path / "net.safetensors"), strict=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        ours = build(preset(name)).eval()
    images = torch.rand((2, 3, 64, 64), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected, found = ours(images), theirs(images)
    assert bool(torch.isfinite(found).all())
    assert torch.equal(expected, found)


def test_torch_alone_loads_it_and_torchvision_takes_its_weights(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    told: list[tuple[int, int, str]] = []
    receipt = export(preset("resnet18"), path, state_dict=True, progress=lambda *step: told.append(step))
    code = (
        "import sys, torch; d = torch.load(sys.argv[1], weights_only=True); "
        "print(sorted(d), d['format'], d['version'], sorted(m for m in sys.modules if 'resnet_studio' in m))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == (
        "['classes', 'design', 'format', 'input', 'metrics', 'state_dict', 'torch', 'version'] resnet-studio 1 []"
    )
    value = torch.load(path, weights_only=True)
    theirs = torchvision.models.resnet18()
    theirs.load_state_dict(value["state_dict"], strict=True)
    theirs.load_state_dict(torch.load(tmp_path / "net.state_dict.pt", weights_only=True), strict=True)
    assert files.loads(value["design"]) == preset("resnet18")
    assert value["input"]["shape"] == [3, 224, 224]
    assert receipt["max_difference"] == 0
    assert receipt["params"] == 11_689_512
    assert receipt["bytes"] == path.stat().st_size
    assert "not been trained" in receipt["notes"][0]
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][0] == told[-1][1]
    assert left(tmp_path) == ["net.pt", "net.state_dict.pt"]


@pytest.mark.usefixtures("quick")
def test_fresh_weights_are_the_same_each_time_and_cost_no_randomness(tmp_path: Path) -> None:
    before = torch.get_rng_state()
    export(SMALL, tmp_path / "a.pt")
    export(SMALL, tmp_path / "b.pt")
    export(SMALL, tmp_path / "c.pt", seed=1)
    assert torch.equal(before, torch.get_rng_state())
    a, b, c = (load_pt(tmp_path / f"{name}.pt").state_dict["fc.weight"] for name in "abc")
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


@pytest.mark.usefixtures("quick")
def test_what_was_written_is_read_with_all_its_words(tmp_path: Path) -> None:
    network = build(SMALL)
    contents = Contents(
        design=SMALL, state_dict=network.state_dict(), classes=("null", "eins"), mean=(0.5,), std=(0.25,),
        metrics={"val_accuracy": 0.98},
    )  # fmt: skip
    write_pt(tmp_path / "net.pt", plain(contents))
    found = load_pt(tmp_path / "net.pt")
    assert (found.design, found.classes, found.mean, found.std) == (SMALL, ("null", "eins"), (0.5,), (0.25,))
    assert found.metrics == {"val_accuracy": 0.98}
    assert found.torch == torch.__version__
    for name, tensor in network.state_dict().items():
        assert torch.equal(found.state_dict[name], tensor)


def spoiled(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    value = plain(Contents(design=SMALL, state_dict=build(SMALL).state_dict(), metrics={}))
    change(value)
    return value


WRONG: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda v: v["state_dict"].pop("fc.bias"), "fc.bias is missing"),
    (lambda v: v["state_dict"].update(extra=torch.zeros(1)), "extra is not known"),
    (lambda v: v["state_dict"].update({"fc.bias": torch.zeros(3)}), "fc.bias is 3, not 10"),
    (lambda v: v["state_dict"].update({"fc.bias": torch.zeros(10, dtype=torch.float64)}), "float64"),
    (lambda v: v["state_dict"].update({"fc.bias": torch.zeros(10).to_sparse()}), "dense"),
    (lambda v: v["state_dict"].update({"fc.bias": 7}), "dense"),
    (lambda v: v.update(version=2), "version 2"),
    (lambda v: v.update(format="other"), "not an export"),
    (lambda v: v.update(design="{}"), "no “format”"),
    (lambda v: v.update(design=3), "not text"),
    (lambda v: v.pop("classes"), "lacks classes"),
]


@pytest.mark.filterwarnings("ignore:Validating sparse tensor")
@pytest.mark.parametrize(("change", "words"), WRONG)
def test_a_file_that_does_not_fit_says_in_what(tmp_path: Path, change: Any, words: str) -> None:
    write_pt(tmp_path / "net.pt", spoiled(change))
    with pytest.raises(StudioError, match=words):
        load_pt(tmp_path / "net.pt")


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod."])
def test_prefixes_of_wrappers_are_taken_off_with_a_note(tmp_path: Path, prefix: str) -> None:
    def wrap(value: dict[str, Any]) -> None:
        value["state_dict"] = {prefix + name: tensor for name, tensor in value["state_dict"].items()}

    write_pt(tmp_path / "net.pt", spoiled(wrap))
    found = load_pt(tmp_path / "net.pt")
    assert "fc.bias" in found.state_dict
    assert prefix in found.notes[0]


class Bomb:
    """Says so when something unpickles it."""

    def __reduce__(self) -> Any:
        return (os.mkdir, (os.environ["BOMB"],))


def test_foreign_and_hostile_files_are_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOMB", str(tmp_path / "exploded"))
    path = tmp_path / "net.pt"
    whole = io.BytesIO()
    torch.save(spoiled(lambda value: None), whole)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", b"\0" * 10_000_000)
    bomb = io.BytesIO()
    torch.save({"format": "resnet-studio", "x": Bomb()}, bomb)
    for data in (
        b"",
        b"PK",
        pickle.dumps(Bomb()),
        bomb.getvalue(),
        zipped.getvalue(),
        whole.getvalue()[:-1000],
    ):
        path.write_bytes(data)
        with pytest.raises(StudioError, match="not a file of plain weights"):
            load_pt(path)
    for place in (tmp_path, tmp_path / "none.pt"):
        with pytest.raises(StudioError, match="could not be read"):
            load_pt(place)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("place", ["folder.pt", "none/net.pt", "file/net.pt", "x" * 300 + ".pt"])
def test_a_target_that_cannot_be_is_named_and_nothing_is_left(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder.pt").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError) as error:
        export(SMALL, tmp_path / place)
    assert str(tmp_path / place) in error.value.what
    assert left(tmp_path) == ["file", "folder.pt"]
    assert left(tmp_path / "folder.pt") == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    # In a child of its own: the limit on file sizes cannot be taken back. Its error stands for any short write.
    target = tmp_path / "net.pt"
    target.write_bytes(b"old")
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from resnet_studio.design.errors import StudioError\n"
        "from resnet_studio.design.presets import preset\n"
        "from resnet_studio.engine.exporting.export import export\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        "    export(preset('digits_starter'), Path(sys.argv[1]))\n"
        "except StudioError as error:\n"
        "    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=True
    )
    assert f"{target} could not be written (File too large)" in said.stdout
    assert said.stderr == ""
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == ["net.pt"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_target_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "net.pt"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(StudioError, match="may not write"):
        export(SMALL, target)
    assert target.read_bytes() == b"old"


def test_a_file_with_other_weights_is_found_out_and_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "net.pt"
    target.write_bytes(b"old")
    real = as_weights.plain

    def flipped(contents: Contents) -> dict[str, Any]:
        value = real(contents)
        value["state_dict"]["fc.bias"] = value["state_dict"]["fc.bias"] + 0.5
        return value

    monkeypatch.setattr(as_weights, "plain", flipped)
    with pytest.raises(ComparisonError, match=r"does not hold the network's weights \(fc\.bias is another\)"):
        export(SMALL, target, state_dict=True)
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == ["net.pt"]


def test_a_file_that_cannot_be_read_again_is_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = as_weights.plain
    monkeypatch.setattr(as_weights, "plain", lambda contents: real(contents) | {"state_dict": {}})
    with pytest.raises(ComparisonError, match="is missing"):
        export(SMALL, tmp_path / "net.pt")
    assert left(tmp_path) == []


def test_taken_back_in_the_middle_nothing_is_left(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, _total: int, text: str) -> None:
        if text == "Comparing outputs":
            raise Enough

    with pytest.raises(Enough):
        export(SMALL, tmp_path / "net.pt", progress=stop)
    assert left(tmp_path) == []


def test_a_drawing_with_problems_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match="Head"):
        export(replace(SMALL, head=None), tmp_path / "net.pt")
    assert left(tmp_path) == []


def test_the_same_infinities_are_no_difference_and_others_are() -> None:
    def values(*numbers: float) -> Tensor:
        return torch.tensor(numbers)

    inf, nan = float("inf"), float("nan")
    assert difference(values(1, inf, nan), values(1, inf, nan)) == 0
    assert difference(values(inf, nan), values(-inf, inf)) == 0  # both overflow: one by way of inf - inf
    assert difference(values(1, 2), values(1, 2.5)) == 0.5
    for expected, found in (
        (values(1), values(nan)),
        (values(nan), values(7)),
        (values(inf), values(1)),
        (values(1), values(1, 2)),
    ):
        assert difference(expected, found) == inf


def test_outputs_are_compared_on_batches_of_1_2_and_7_in_eval_mode() -> None:
    network = build(SMALL).train()
    asked = sample(network, SMALL)
    assert [len(images) for images in asked.inputs] == [1, 2, 7]
    assert network.training
    assert int(network.get_submodule("bn1").num_batches_tracked) == 0
    assert asked.notes == ()
    assert "64x64" in sample(build(preset("resnet18")), preset("resnet18")).notes[0]


@pytest.mark.parametrize("which", ["best", "last"])
def test_a_runs_weights_carry_classes_input_and_metrics(tmp_path: Path, which: str) -> None:
    run = new_run(tmp_path / "runs", epochs=1)
    train_here(run)
    receipt = export_run(run.path, tmp_path / "net.pt", which=which)
    found = load_pt(tmp_path / "net.pt")
    assert receipt["weights"] == which
    assert receipt["max_difference"] == 0
    assert found.classes == tuple("0123456789")
    assert found.mean is not None
    assert len(found.mean) == 1
    assert 0 <= found.metrics["best_accuracy"] <= 1
    weights, _ = load_weights(run.path, which)
    assert all(torch.equal(found.state_dict[name], tensor) for name, tensor in weights.items())


def test_a_run_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudioError):
        export_run(tmp_path / "none", tmp_path / "net.pt")
    assert left(tmp_path) == []
