"""Files of weights from anywhere: what is read, what is put right, and everything hostile that is refused."""

import hashlib
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.engine.build import build
from resnet_studio.engine.exporting.export import export
from resnet_studio.engine.weights import reader, reading

torch.set_num_threads(1)
DESIGN = preset("digits_starter")


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return build(DESIGN).state_dict()


def saved(path: Path, value: Any, **how: Any) -> Path:
    torch.save(value, path, **how)
    return path


def same(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> bool:
    return found.keys() == wanted.keys() and all(torch.equal(found[name], wanted[name]) for name in wanted)


# --- what is read -----------------------------------------------------------------------------------------------------


def test_a_child_reads_the_file_and_hands_on_a_copy(tmp_path: Path, state: dict[str, Tensor]) -> None:
    path = saved(tmp_path / "w.pt", state)
    found, held = reading.take(path)
    assert same(found, state)
    assert held.shapes == {name: tuple(tensor.shape) for name, tensor in state.items()}
    assert held.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (held.kind, held.notices, held.not_finite, held.design) == ("zip", (), (), None)


def test_a_file_that_stays_the_same_is_read_once(
    tmp_path: Path, state: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "w.pt", state)
    started: list[Path] = []
    start = reading._start

    def counted(path: Path, *more: Any) -> Any:
        started.append(path)
        return start(path, *more)

    monkeypatch.setattr(reading, "_start", counted)
    assert reading.look(path) == reading.look(path)
    assert len(started) == 1
    saved(path, state | {"more": torch.zeros(3)})
    assert "more" in reading.look(path).tensors
    assert len(started) == 2


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        (lambda path, state: torch.save(state, path), "zip"),
        (
            lambda path, state: torch.save(OrderedDict(state), path, _use_new_zipfile_serialization=False),
            "stream",
        ),
        (lambda path, state: save_file(state, str(path)), "safetensors"),
    ],
)
def test_every_format_whatever_the_name(
    write: Callable[[Path, dict[str, Tensor]], None], kind: str, tmp_path: Path, state: dict[str, Tensor]
) -> None:
    path = tmp_path / "weights"
    write(path, state)
    found, about = reader.read(path)
    assert same(found, state)
    assert about["kind"] == kind


@pytest.mark.parametrize("wrapper", ["state_dict", "model", "model_state_dict", "net"])
def test_what_people_wrap_a_state_dict_in(wrapper: str, tmp_path: Path, state: dict[str, Tensor]) -> None:
    found, about = reader.read(saved(tmp_path / "w.pth", {"epoch": 3, wrapper: state, "best_acc1": 1.5}))
    assert same(found, state)
    assert about["notices"] == [f"The weights were taken from {wrapper!r} in the file."]


@pytest.mark.parametrize(
    "prefixes", [("module.",), ("_orig_mod.",), ("module.", "_orig_mod."), ("_orig_mod.", "module.")]
)
def test_prefixes_are_taken_off_with_a_notice(
    prefixes: tuple[str, ...], tmp_path: Path, state: dict[str, Tensor]
) -> None:
    before = "".join(prefixes)
    found, about = reader.read(saved(tmp_path / "w.pt", {before + name: t for name, t in state.items()}))
    assert same(found, state)
    assert about["notices"] == [f"The prefix {prefix!r} was taken off every name." for prefix in prefixes]


def test_a_prefix_that_only_some_names_have_stays(tmp_path: Path) -> None:
    value = {"module.a": torch.zeros(1), "b": torch.zeros(1)}
    assert reader.read(saved(tmp_path / "w.pt", value))[0].keys() == value.keys()


def test_our_own_export_brings_its_design(tmp_path: Path) -> None:
    export(DESIGN, tmp_path / "own.pt")
    held = reading.look(tmp_path / "own.pt")
    assert held.design is not None
    assert files.loads(held.design) == DESIGN
    assert held.notices == ()


def test_channels_last_is_laid_out_anew(tmp_path: Path) -> None:
    tensor = torch.rand(4, 3, 3, 3).to(memory_format=torch.channels_last)
    found, about = reader.read(saved(tmp_path / "w.pt", {"w": tensor}))
    assert torch.equal(found["w"], tensor)
    assert found["w"].is_contiguous()
    assert about["notices"] == ["Its tensors lie channels last; they were laid out anew."]


def test_nan_and_infinity_are_named(tmp_path: Path, state: dict[str, Tensor]) -> None:
    bad = {name: tensor.clone() for name, tensor in state.items()}
    bad["fc.bias"][3] = float("nan")
    bad["conv1.weight"].view(-1)[0] = float("inf")
    assert reading.look(saved(tmp_path / "w.pt", bad)).not_finite == ("conv1.weight", "fc.bias")


# --- what is refused --------------------------------------------------------------------------------------------------


class _Harm:
    """Unpickled without care, it runs a command."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.mark}",)


def refused(path: Path) -> str:
    with pytest.raises(StudioError) as caught:
        reader.read(path)
    return caught.value.what


@pytest.mark.parametrize("as_zip", [True, False])
def test_a_pickle_that_runs_a_command_runs_nothing(
    as_zip: bool, tmp_path: Path, state: dict[str, Tensor]
) -> None:
    mark = tmp_path / "harmed"
    path = saved(
        tmp_path / "w.pt", {"state_dict": state, "x": _Harm(mark)}, _use_new_zipfile_serialization=as_zip
    )
    with pytest.raises(StudioError) as caught:
        reading.look(path)
    assert "plain weights" in caught.value.what
    assert "system" in caught.value.what
    assert "weights_only" not in str(caught.value)
    assert not mark.exists()


def test_a_bare_pickle_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "harmed"
    path = tmp_path / "w.pt"
    path.write_bytes(pickle.dumps(_Harm(mark), protocol=2))
    assert "plain weights" in refused(path)
    assert not mark.exists()


def test_a_whole_pickled_module_is_refused(tmp_path: Path) -> None:
    assert "plain weights" in refused(saved(tmp_path / "w.pt", torch.nn.Linear(2, 2)))


@pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning")
def test_torchscript_is_refused_unopened(tmp_path: Path) -> None:
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), tmp_path / "w.pt")
    assert refused(tmp_path / "w.pt")


def test_the_legacy_tar_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    with tarfile.open(path, "w") as archive:
        for name in ("sys_info", "pickle", "storages", "tensors"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    assert refused(path).startswith("It is no file of weights")


def test_a_compressed_member_is_refused_before_loading(tmp_path: Path, state: dict[str, Tensor]) -> None:
    source, path = saved(tmp_path / "w.pt", state), tmp_path / "bomb.pt"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, old.read(member))
        new.writestr("w/data/999", bytes(50_000_000))
    assert path.stat().st_size < 1_000_000
    assert "compressed" in refused(path)


def test_members_larger_than_the_file_are_refused(tmp_path: Path, state: dict[str, Tensor]) -> None:
    """Overlapping members: the directory names one of them a thousand times."""
    source = saved(tmp_path / "w.pt", state).read_bytes()
    end = source.rfind(b"PK\x05\x06")
    size, start = struct.unpack("<II", source[end + 12 : end + 20])
    directory = source[start : start + size]
    first = directory[: 46 + sum(struct.unpack("<HHH", directory[28:34]))]
    many = first * 60_000
    count = 60_000
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(many), start, 0)
    path = tmp_path / "bomb.pt"
    path.write_bytes(source[:start] + many + tail)
    assert refused(path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's data")
def test_a_size_that_only_the_pickle_claims_is_refused(tmp_path: Path) -> None:
    """The stream format: a storage of 8 GiB in a file of a few hundred bytes, ended by the child's limit."""
    path = saved(tmp_path / "w.pt", {"w": torch.zeros(8)}, _use_new_zipfile_serialization=False)
    data = path.read_bytes()
    at = data.index(b"cpuq") + len(b"cpuq")
    # BINPUT's argument, then BININT1 8: the number of elements of the storage.
    assert data[at + 1 : at + 3] == b"K\x08"
    path.write_bytes(data[: at + 1] + b"\x8a\x06" + (2**31).to_bytes(6, "little") + data[at + 3 :])
    with pytest.raises(StudioError) as caught:
        reading.look(path)
    assert caught.value.what == f"{path}: It asks for more memory than a file of its size may."


@pytest.mark.parametrize("keep", [0.2, 0.9, 0.999])
@pytest.mark.parametrize("as_zip", [True, False])
def test_a_truncated_file_is_refused(
    keep: float, as_zip: bool, tmp_path: Path, state: dict[str, Tensor]
) -> None:
    path = saved(tmp_path / "w.pt", state, _use_new_zipfile_serialization=as_zip)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert refused(path)


def safetensors_file(path: Path, header: bytes, data: bytes = b"") -> Path:
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)
    return path


@pytest.mark.parametrize(
    "header",
    [
        b'{"w":{"dtype":"F32","shape":[1000000,1000000],"data_offsets":[0,4000000000000]}}',
        b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}',
        b'{"w":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}',
        b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
        b'{"w":{"dtype":"F32","shape":[18446744073709551615,4],"data_offsets":[0,4]}}',
        b"{" * 2000,
        b"{not json",
    ],
)
def test_a_safetensors_header_that_lies_is_refused(header: bytes, tmp_path: Path) -> None:
    assert "safetensors" in refused(safetensors_file(tmp_path / "w.safetensors", header, bytes(4)))


def test_truncated_safetensors(tmp_path: Path, state: dict[str, Tensor]) -> None:
    path = tmp_path / "w.safetensors"
    save_file(state, str(path))
    path.write_bytes(path.read_bytes()[:-100])
    assert "safetensors" in refused(path)


def _quantised() -> Tensor:
    return torch.quantize_per_tensor(torch.rand(4, 4), 0.1, 0, torch.qint8)


@pytest.mark.filterwarnings("ignore:.*:UserWarning", "ignore:.*:DeprecationWarning")
@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: torch.eye(4).to_sparse(), "sparse_coo"),
        (lambda: torch.eye(4).to_sparse_csr(), "sparse_csr"),
        (_quantised, "quantised"),
        (lambda: torch.rand(1).expand(100_000), "larger"),
        (lambda: torch.rand(4, 6)[:, ::2], "strides"),
        (lambda: torch.rand(4, 6).t(), "strides"),
        (lambda: "text", "is a str"),
        (lambda: [torch.zeros(1)], "is a list"),
    ],
)
def test_what_is_no_dense_tensor_is_refused(make: Callable[[], Any], word: str, tmp_path: Path) -> None:
    what = refused(saved(tmp_path / "w.pt", {"good": torch.zeros(2, 2), "bad": make()}))
    assert word in what


def test_one_storage_under_many_names_is_refused(tmp_path: Path) -> None:
    tensor = torch.zeros(100_000)
    what = refused(saved(tmp_path / "w.pt", {f"t{index}": tensor for index in range(50)}))
    assert "larger" in what


@pytest.mark.parametrize("name", ["a\x1b[2J", "x" * 300, 7, "two\nlines", "\u202eevil"])
def test_names_that_no_network_has_are_refused(name: Any, tmp_path: Path) -> None:
    assert "name" in refused(saved(tmp_path / "w.pt", {name: torch.zeros(1)}))


@pytest.mark.parametrize("value", [{}, [], {"epoch": 3}, {"state_dict": {"a": 1}}, 7, torch.zeros(3)])
def test_a_file_without_a_state_dict(value: Any, tmp_path: Path) -> None:
    assert refused(saved(tmp_path / "w.pt", value)).startswith("It holds ")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x80", b"GIF89a", bytes(64), b"\x08" + bytes(7) + b"["]
)
def test_what_is_no_file_of_weights(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    path.write_bytes(data)
    assert refused(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pt")
    for path in (tmp_path, tmp_path / "missing.pt", tmp_path / "pipe.pt"):
        with pytest.raises(StudioError):
            reading.look(path)


# --- the child --------------------------------------------------------------------------------------------------------


def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, state: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.0)
    with pytest.raises(StudioError, match="took over"):
        reading.look(saved(tmp_path / "w.pt", state))


def test_who_waits_can_end_the_child(tmp_path: Path, state: dict[str, Tensor]) -> None:
    def no_longer() -> None:
        raise StudioError("Cancelled.")

    with pytest.raises(StudioError, match=r"Cancelled\."):
        reading.look(saved(tmp_path / "w.pt", state), no_longer)


def test_a_child_that_dies_is_an_answer_too(
    tmp_path: Path, state: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(path: Path, copy: Path | None, said: Any, log: Any) -> Any:
        return subprocess.Popen(
            [sys.executable, "-c", "raise SystemExit(9)"], stdin=subprocess.PIPE, stdout=said
        )

    monkeypatch.setattr(reading, "_start", dead)
    with pytest.raises(StudioError, match="without an answer"):
        reading.look(saved(tmp_path / "w.pt", state))


def test_what_the_child_says_is_plain_json(tmp_path: Path, state: dict[str, Tensor]) -> None:
    tensors, about = reader.read(saved(tmp_path / "w.pt", state))
    told = json.loads(json.dumps(reader._told(tensors, about)))
    assert told["tensors"]["fc.bias"] == ["float32", [10]]
