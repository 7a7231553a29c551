"""Every format: written, read by programs that know nothing of ours, and refused or thrown away where it must be."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnx
import pytest
import torch
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator
from safetensors import safe_open
from safetensors.torch import load_file

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.carried import read_drawing
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.design.presets import preset
from resnet_studio.design.types import (
    Activation,
    Attention,
    Block,
    Design,
    InputSpec,
    Norm,
    Order,
    ShortcutKind,
    Stage,
    StemKind,
)  # fmt: skip
from resnet_studio.engine.build import ProblemsError, build
from resnet_studio.engine.exporting import apart, as_onnx
from resnet_studio.engine.exporting import export as room
from resnet_studio.engine.exporting import proof as proof_room
from resnet_studio.engine.exporting.export import ComparisonError, export, export_file
from resnet_studio.engine.exporting.material import Material
from resnet_studio.engine.exporting.proof import Sample, compare_in_clean_process, sample
from resnet_studio.engine.exporting.ways import BARE, WAYS
from resnet_studio.engine.weights.file import Contents, load_pt
from resnet_studio.engine.weights.reading import look
from resnet_studio.runs.formats import FORMATS, format_of

SMALL = preset("digits_starter")
ROOT = str(Path(__file__).parents[2])


@pytest.fixture(autouse=True)
def _no_thread_of_tqdms(monkeypatch: pytest.MonkeyPatch) -> None:
    # torch.onnx counts its steps with it where a package for the tests has brought it along.
    if find_spec("tqdm") is not None:
        monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)


def fresh(design: Design = SMALL) -> Material:
    torch.manual_seed(0)
    network = build(design).eval()
    return Material(Contents(design=design, state_dict=network.state_dict(), metrics={}), network)


def left(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def plain_python(code: str, *words: str) -> str:
    """What a Python says in which nothing of ours can be imported."""
    command = [sys.executable, "-I", "-W", "ignore", "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.strip()


def test_every_format_has_a_way_and_an_ending_of_its_own() -> None:
    assert {*FORMATS, BARE} == set(WAYS)
    endings = [ending for known in FORMATS.values() for ending in (known.suffix, *known.others)]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize("name", FORMATS)
def test_a_whole_export_of_each_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"net{FORMATS[name].suffix}"
    receipt = export(SMALL, path)
    assert (receipt["format"], receipt["params"]) == (name, analyse(SMALL).totals.params)
    assert receipt["bytes"] == path.stat().st_size
    assert [found["batch"] for found in receipt["differences"]] == [1, 2, 7]
    assert receipt["max_difference"] == max(found["difference"] for found in receipt["differences"])
    assert receipt["max_difference"] < 1e-5
    beside = ["net.state_dict.pt"] if FORMATS[name].needs_bare else []
    assert left(tmp_path) == sorted([path.name, *beside])


# --- what others find in the files -------------------------------------------------------------------------------------


def test_every_format_is_as_readable_as_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    network = build(SMALL)
    material = Material(Contents(design=SMALL, state_dict=network.state_dict(), metrics={}), network)
    for name in ("pt", "safetensors", "python"):
        WAYS[name].write(tmp_path / name, material)
        assert (tmp_path / name).stat().st_mode == (tmp_path / "any").stat().st_mode, name


def test_safetensors_holds_torchvisions_names_and_plain_words(tmp_path: Path) -> None:
    material, path = fresh(), tmp_path / "net.safetensors"
    WAYS["safetensors"].write(path, material)
    found = load_file(path)
    state = material.network.state_dict()
    assert set(found) == set(state)
    assert all(torch.equal(found[name], tensor) for name, tensor in state.items())
    with safe_open(path, framework="pt") as file:
        words = file.metadata()
    assert (words["format"], words["version"], words["torch"]) == ("resnet-studio", "1", torch.__version__)
    assert json.loads(words["input"])["shape"] == [1, 8, 8]
    assert json.loads(words["classes"]) == []
    assert json.loads(words["design"])["name"] == "Digits starter"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("onnx") / "net.onnx"
    WAYS["onnx"].write(path, fresh())
    return path


def test_onnx_keeps_names_and_numbers_and_takes_any_batch(model: Path) -> None:
    held = onnx.load(model)
    onnx.checker.check_model(held, full_check=True)
    state = fresh().network.state_dict()
    found = {one.name: numpy_helper.to_array(one) for one in held.graph.initializer}
    assert {name for name in state if not name.endswith("num_batches_tracked")} <= set(found)
    for name, tensor in state.items():
        if name in found:
            assert (found[name] == tensor.numpy()).all()
    (images,), (logits,) = held.graph.input, held.graph.output
    assert (images.name, logits.name) == ("images", "logits")
    assert [size.dim_param or size.dim_value for size in images.type.tensor_type.shape.dim] == [
        "batch",
        1,
        8,
        8,
    ]
    assert {node.op_type for node in held.graph.node} >= {"Conv", "BatchNormalization", "Relu", "Add", "Gemm"}


def test_onnxs_own_evaluator_agrees_with_the_network(model: Path) -> None:
    # The standard's definition, in numpy: a second opinion on what ONNX Runtime said in the proof.
    evaluator = ReferenceEvaluator(str(model))
    network = fresh().network
    asked = sample(network, SMALL)
    for images, outputs in zip(asked.inputs, asked.outputs, strict=True):
        (found,) = evaluator.run(["logits"], {"images": images.numpy()})
        assert torch.allclose(outputs, torch.from_numpy(found), atol=1e-5)


@pytest.mark.parametrize("name", ["onnx", "pt2", "torchscript"])
def test_programs_tell_nothing_of_this_machine(tmp_path: Path, name: str) -> None:
    path = tmp_path / "net"
    WAYS[name].write(path, fresh())
    data = path.read_bytes()  # none of these archives is compressed
    for told in (ROOT, str(Path(torch.__file__).parent), str(Path.home()), "site-packages", str(tmp_path)):
        assert told.encode() not in data


def test_torch_alone_runs_the_programs(tmp_path: Path) -> None:
    network = fresh().network
    images = torch.rand((3, 1, 8, 8), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = float(network(images).sum())
    for name, load in (("pt2", "torch.export.load(p).module()"), ("torchscript", "torch.jit.load(p)")):
        path = tmp_path / name
        WAYS[name].write(path, fresh())
        said = plain_python(
            "import sys, torch; p = sys.argv[1]; g = torch.Generator().manual_seed(1); torch.set_num_threads(1)\n"
            f"net = {load}\n"
            "print(float(net(torch.rand((3, 1, 8, 8), generator=g)).sum()))",
            str(path),
        )
        assert float(said) == pytest.approx(expected, rel=1e-5)


def every_part() -> Design:
    """One block after the other, so that each activation, norm, attention, shortcut and stem is there once."""
    spec = replace(SMALL.stages[0].blocks[0].spec, channels=8, width=8, stride=1, dropout=0.1, drop_path=0.1)
    many = [
        *(replace(spec, activation=activation) for activation in Activation),
        *(replace(spec, attention=attention, reduction=2) for attention in Attention),
        *(replace(spec, norm=norm, norm_groups=4) for norm in Norm),
        *(
            replace(spec, shortcut=shortcut, stride=2, drop_path=0.0)
            for shortcut in ShortcutKind
            if shortcut is not ShortcutKind.IDENTITY
        ),
        *(replace(spec, order=order) for order in Order),
        replace(spec, kernel=5, dilation=2, groups=2),
    ]
    blocks = tuple(Block(id=f"b{number}", spec=one) for number, one in enumerate(many))
    assert SMALL.head is not None
    return replace(
        SMALL,
        input=InputSpec(channels=1, height=24, width=20),
        stem=replace(SMALL.stem, kind=StemKind.TIERED, channels=8),
        stages=(Stage(id="s0", name="All", blocks=blocks),),
        head=replace(SMALL.head, dropout=0.1),
    )


@pytest.mark.parametrize("name", ["onnx", "pt2", "torchscript"])
@pytest.mark.parametrize("design", [preset("cifar_resnet20"), every_part()], ids=["ResNet-20", "every part"])
def test_other_parts_are_translated_too(tmp_path: Path, name: str, design: Design) -> None:
    material = fresh(design)
    path = tmp_path / f"net{FORMATS[name].suffix}"
    WAYS[name].write(path, material)
    asked = sample(material.network, design, full_size=True)
    loaded = WAYS[name].load(path, [])
    for images, outputs in zip(asked.inputs, asked.outputs, strict=True):
        with torch.no_grad():
            assert torch.allclose(outputs, loaded.run(images), rtol=1e-3, atol=1e-4)


def test_huge_images_are_compared_one_at_a_time_and_the_receipt_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    material = fresh()
    monkeypatch.setattr(proof_room, "_MOST_MACS", 10**7)
    asked = sample(material.network, SMALL, full_size=True)
    assert [len(images) for images in asked.inputs] == [1]
    assert "one image alone" in asked.notes[0]
    assert len(sample(material.network, SMALL).inputs) == 3


def test_outputs_that_overflow_are_not_called_the_same() -> None:
    material = fresh()
    with torch.no_grad():
        material.network.get_parameter("fc.bias").fill_(float("inf"))
    asked = sample(material.network, SMALL)
    assert asked.largest is None
    assert "overflow" in asked.notes[-1]
    finite = sample(fresh().network, SMALL)
    assert finite.largest == max(float(found.abs().max()) for found in finite.outputs)


# --- a file made here opens again --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".pt", ".safetensors"])
@pytest.mark.parametrize("name", ["digits_starter", "cifar_resnet110"])
def test_an_exported_file_opens_again_as_its_drawing(tmp_path: Path, ending: str, name: str) -> None:
    path = tmp_path / f"net{ending}"
    WAYS[format_of(path).name].write(path, fresh(preset(name)))
    assert read_drawing(path) == preset(name)


@pytest.mark.parametrize("ending", [".pt", ".safetensors"])
def test_whoever_takes_its_weights_learns_whose_they_are(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"net{ending}"
    WAYS[format_of(path).name].write(path, fresh())
    held = look(path)
    assert held.design == dumps(SMALL)
    assert set(held.tensors) == set(fresh().network.state_dict())


def test_an_exported_files_weights_go_on_into_another_format(tmp_path: Path) -> None:
    material = fresh()
    with torch.no_grad():
        material.network.get_parameter("fc.bias").fill_(7)
    told = replace(
        material.contents, state_dict=material.network.state_dict(), classes=("a", "b"), mean=(0.5,), std=(0.25,),
        metrics={"val": 0.5},
    )  # fmt: skip
    WAYS["safetensors"].write(tmp_path / "net.safetensors", Material(told, material.network))
    receipt = export_file(tmp_path / "net.safetensors", tmp_path / "net.pt")
    found = load_pt(tmp_path / "net.pt")
    assert bool((found.state_dict["fc.bias"] == 7).all())
    assert (found.classes, found.mean, found.std, found.metrics) == (
        ("a", "b"),
        (0.5,),
        (0.25,),
        {"val": 0.5},
    )
    assert (receipt["weights"], receipt["max_difference"]) == ("file", 0)
    assert "net.safetensors" in receipt["notes"][0]


# --- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "format", "words"),
    [
        ("net", None, "has no ending"),
        ("net.xyz", None, r"ends in \.xyz"),
        ("net.onnx", "pt", "not what its ending says"),
        ("net.pt", "keras", "no format 'keras'"),
    ],
)
def test_a_format_that_is_none_is_refused_before_any_work(
    tmp_path: Path, name: str, format: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "build", None)
    with pytest.raises(StudioError, match=words) as error:
        export(SMALL, tmp_path / name, format=format)
    assert error.value.remedy
    assert left(tmp_path) == []


def test_a_bare_state_dict_lies_beside_a_pt_alone(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"beside a \.pt"):
        export(SMALL, tmp_path / "net.onnx", state_dict=True)


@pytest.mark.parametrize("place", ["none/net.onnx", "x" * 300 + ".pt2"])
def test_a_place_that_takes_no_file_says_so_before_the_exporter_works(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "ask", None)
    with pytest.raises(StudioError, match="could not be written"):
        export(SMALL, tmp_path / place)
    assert left(tmp_path) == []


def test_what_one_onnx_file_cannot_hold_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_onnx, "MOST_BYTES", 100_000)
    (tmp_path / "net.onnx").write_bytes(b"old")
    with pytest.raises(StudioError, match="do not fit into one ONNX file"):
        export(SMALL, tmp_path / "net.onnx")
    assert (tmp_path / "net.onnx").read_bytes() == b"old"
    assert left(tmp_path) == ["net.onnx"]


def test_a_drawing_with_problems_is_exported_in_no_format(tmp_path: Path) -> None:
    for known in FORMATS.values():
        with pytest.raises(ProblemsError, match="Head"):
            export(replace(SMALL, head=None), tmp_path / f"net{known.suffix}")
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", ["safetensors", "onnx", "pt2", "torchscript"])
@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, name: str) -> None:
    # In a child of its own: the limit on file sizes cannot be taken back. Its error stands for any short write.
    target = tmp_path / f"net{FORMATS[name].suffix}"
    target.write_bytes(b"old")
    # Larger than the carrier in the temporary folder would trip over it first: the writer alone gets the limit.
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from resnet_studio.design.errors import StudioError\n"
        "from resnet_studio.design.presets import preset\n"
        "from resnet_studio.engine.exporting import export as room\n"
        "real = room.ask\n"
        "def limited(*words, **more):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "    return real(*words, **more)\n"
        "room.ask = limited\n"
        "if sys.argv[1].endswith('.safetensors'):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        "    room.export(preset('digits_starter'), Path(sys.argv[1]))\n"
        "except StudioError as error:\n"
        "    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(target)],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": ROOT},
    )  # fmt: skip
    assert f"{target} could not be written (File too large)" in said.stdout
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == [target.name]


def proved(tmp_path: Path, change: Callable[[Material], Any], name: str = "safetensors") -> list[float]:
    """Write a network after a change, and prove it against the one before."""
    original, other = fresh(), fresh()
    change(other)
    path = tmp_path / "net"
    WAYS[name].write(path, other)
    asked = sample(original.network, SMALL)
    return compare_in_clean_process([path], asked, original.network.state_dict(), lambda: None, format=name)


def test_one_flipped_bit_in_a_weight_is_found_out(tmp_path: Path) -> None:
    def flip(material: Material) -> None:
        with torch.no_grad():
            bits = material.network.get_parameter("fc.bias").view(torch.int32)
            bits[3] ^= 1

    with pytest.raises(ComparisonError, match=r"fc\.bias is another"):
        proved(tmp_path, flip)


def test_other_outputs_are_found_out_where_the_weights_are_right(tmp_path: Path) -> None:
    material, path = fresh(), tmp_path / "net"
    WAYS["safetensors"].write(path, material)
    asked = sample(material.network, SMALL)
    shifted = Sample(asked.inputs, [asked.outputs[0], asked.outputs[1], asked.outputs[2] + 0.5])
    with pytest.raises(ComparisonError, match=r"other outputs than the network \(difference 0\.5"):
        compare_in_clean_process(
            [path], shifted, material.network.state_dict(), lambda: None, format="safetensors"
        )


def test_an_exporter_that_breaks_down_is_one_line_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "net.pt2").write_bytes(b"old")
    # A module that ends with a traceback, as an exporter's own fault does.
    monkeypatch.setattr(room, "WRITING", apart.Program("resnet_studio.no_such_exporter", seconds=60))
    with pytest.raises(StudioError, match="PyTorch's exporter broke down") as error:
        export(SMALL, tmp_path / "net.pt2")
    assert "Take another format" in error.value.remedy
    assert (tmp_path / "net.pt2").read_bytes() == b"old"
    assert left(tmp_path) == ["net.pt2"]


@pytest.mark.parametrize(
    ("code", "log", "words"),
    [
        (
            1,
            b"Traceback\n  File\ntorch.onnx.OnnxExporterError: no such operator\nadvice\n\n(more)\n",
            "OnnxExporterError: no such",
        ),
        (
            1,
            b"RuntimeError: DefaultCPUAllocator: can't allocate memory: you tried\n",
            "the memory did not suffice",
        ),
        (
            -6,
            b"terminate called after throwing an instance of 'std::bad_alloc'\n",
            "the memory did not suffice",
        ),
        (-11, b"", "ended by signal 11"),
        (3, b"", "exit code 3"),
        (1, b"something\nodd \xff\n", "odd"),
    ],
)
def test_a_childs_last_words_are_one_telling_line(code: int, log: bytes, words: str) -> None:
    with pytest.raises(apart.ApartError) as error:
        apart._understood(code, b"", log)
    assert words in error.value.what
    assert "\n" not in error.value.what


def test_an_exporter_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WRITING", replace(room.WRITING, seconds=0))
    with pytest.raises(StudioError, match="took over 0 s"):
        export(SMALL, tmp_path / "net.onnx")
    assert left(tmp_path) == []


def test_cancelled_while_the_exporter_works_no_process_is_left(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    told: list[str] = []

    def stop(_done: int, _total: int, text: str) -> None:
        told.append(text)
        if told.count("Writing net.onnx") == 2:  # said once before, then while the child works
            raise Enough

    with pytest.raises(Enough):
        export(SMALL, tmp_path / "net.onnx", progress=stop)
    assert left(tmp_path) == []
