"""The drawing inside an exported file: found, and nothing in the file is ever run or believed."""

import contextlib
import io
import json
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.design import carried
from resnet_studio.design.carried import is_carrier, read_carried, read_drawing, read_words
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps, write_design
from resnet_studio.design.presets import preset

DESIGN = preset("digits_starter")


class Storage:
    """Stands for what torch saves by a persistent id."""


class TorchPickler(pickle._Pickler):  # type: ignore[name-defined]  # the Python one, whose persistent_id can be overridden
    """Writes as torch.save does: protocol 2, storages by their persistent ids."""

    def persistent_id(self, value: object) -> object:
        return ("storage", OrderedDict, "0", "cpu", 3) if isinstance(value, Storage) else None


def fields(**more: Any) -> dict[str, Any]:
    return {
        "format": "resnet-studio", "version": 1,
        # A tensor: a call with a storage, as torch writes it.
        "state_dict": {"fc.weight": OrderedDict([("storage", Storage())]), "n": Storage()},
        "design": dumps(DESIGN), "classes": ["null", "eins"], "input": {"shape": [1, 8, 8], "mean": [0.5], "std": None},
        "torch": "2.11", "metrics": {"val": 0.5}, "far": 1 << 40, "no": (True, False, None), "nested": [[], {}, ()],
    } | more  # fmt: skip


def pickled(value: object) -> bytes:
    whole = io.BytesIO()
    TorchPickler(whole, 2).dump(value)
    return whole.getvalue()


def zipped(data: bytes, name: str = "net/data.pkl", how: int = zipfile.ZIP_STORED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", how) as archive:
        archive.writestr(name, data)
        archive.writestr("net/version", "3\n")
    return whole.getvalue()


def tensors(metadata: object) -> bytes:
    header = json.dumps(
        {"__metadata__": metadata, "x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    )
    return struct.pack("<Q", len(header)) + header.encode() + b"\0\0\0\0"


def words(**more: str) -> dict[str, str]:
    return {"format": "resnet-studio", "version": "1", "design": dumps(DESIGN), "classes": '["a"]', **more}


@pytest.mark.parametrize("data", [zipped(pickled(fields())), tensors(words())], ids=["pt", "safetensors"])
def test_the_drawing_is_found_whatever_the_file_is_called(tmp_path: Path, data: bytes) -> None:
    for name in ("net.pt", "net.safetensors", "net", "net.json"):
        path = tmp_path / name
        path.write_bytes(data)
        assert is_carrier(path)
        assert read_drawing(path) == DESIGN


def test_what_else_is_said_comes_along(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    path.write_bytes(zipped(pickled(fields())))
    told = read_words(path).fields
    assert told["classes"] == ["null", "eins"]
    assert told["input"] == {"shape": [1, 8, 8], "mean": [0.5], "std": None}
    assert (told["metrics"], told["far"], told["no"], told["nested"]) == (
        {"val": 0.5}, 1 << 40, (True, False, None), [[], {}, ()],
    )  # fmt: skip
    path.write_bytes(tensors(words()))
    assert read_words(path).fields["classes"] == ["a"]


def test_a_design_file_is_none_that_carries(tmp_path: Path) -> None:
    path = tmp_path / "net.resnet.json"
    write_design(path, DESIGN)
    assert not is_carrier(path)
    assert read_drawing(path) == DESIGN
    for other in (tmp_path, tmp_path / "none", tmp_path / "a\0b"):
        assert not is_carrier(other)
        with pytest.raises(StudioError):
            read_drawing(other)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no FIFOs")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "net.pt")
    with pytest.raises(StudioError, match="not a regular file"):
        read_drawing(tmp_path / "net.pt")


class Bomb:
    """Says so when something unpickles it."""

    def __reduce__(self) -> Any:
        return (os.mkdir, (os.environ["BOMB"],))


def in_pickle(*codes: bytes) -> bytes:
    return zipped(b"\x80\x02" + b"".join(codes) + b".")


REFUSED: list[tuple[Callable[[], bytes], str]] = [
    (lambda: zipped(pickled({"conv1.weight": Storage()})), "weights alone"),
    (lambda: zipped(pickled(fields(format="other"))), "weights alone"),
    (lambda: zipped(pickled(fields(design=3))), "weights alone"),
    (lambda: zipped(pickled(fields(design="{}"))), "its drawing cannot be read"),
    (lambda: zipped(pickled([1, 2])), "weights alone"),
    (lambda: zipped(pickled(fields()), how=zipfile.ZIP_DEFLATED), "none that torch.save wrote"),
    (lambda: zipped(b"", name="data.pkl"), "none that torch.save wrote"),
    (lambda: zipped(b"", name="net/constants.pkl"), "is a TorchScript program, which is never opened"),
    (lambda: zipped(b"", name="net/archive_format"), r"is a torch\.export program"),
    (lambda: zipped(b""), "ends too early|pickle exhausted"),
    (lambda: zipped(pickled(fields())[:-20]), "bytes in a unicodestring4"),
    (lambda: zipped(pickled(fields()))[:-30], "cut off|not a zip"),
    (lambda: in_pickle(b"]", b"("), "weights alone"),
    (lambda: in_pickle(b"0"), "more than plain values|weights alone|pop"),
    (lambda: in_pickle(b"\x96", struct.pack("<Q", 1 << 40)), "expected"),  # a terabyte of bytearray
    (
        lambda: in_pickle(b"]r", struct.pack("<I", (1 << 32) - 1)),
        "weights alone",
    ),  # a place far away in the memo
    (lambda: in_pickle(b"h\x07"), "damaged"),
    (lambda: in_pickle(b"s"), "damaged"),
    (lambda: in_pickle(b"(", b"u"), "damaged"),
    (lambda: in_pickle(b"}", b"(K\x01u"), "shorter"),
    (lambda: tensors("text"), "weights alone"),
    (lambda: tensors(None), "weights alone"),
    (lambda: tensors(words(design="")), "It is not JSON"),
    (lambda: tensors(words(classes="[")), "carries no drawing"),
    (lambda: tensors({"format": "pt"}), "weights alone"),
    (lambda: struct.pack("<Q", 1 << 31) + b"{", "larger than any network's"),
    (lambda: struct.pack("<Q", 1000) + b"{" * 1000, "carries no drawing"),
    (lambda: struct.pack("<Q", 100_000) + b'{"a":' * 20_000, "carries no drawing"),
]


@pytest.mark.parametrize(("make", "why"), REFUSED)
def test_what_carries_none_says_so_by_name(tmp_path: Path, make: Callable[[], bytes], why: str) -> None:
    path = tmp_path / "net.pt"
    path.write_bytes(make())
    with pytest.raises(StudioError, match=why) as error:
        read_carried(path)
    assert str(path) in error.value.what
    assert error.value.remedy


def test_nothing_in_a_pickle_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOMB", str(tmp_path / "exploded"))
    path = tmp_path / "net.pt"
    # A call of anything is a blank: the drawing beside it is read all the same, and nothing happens.
    path.write_bytes(zipped(pickled(fields(more=Bomb()))))
    assert read_carried(path) == DESIGN
    for protocol in (0, 1, 2, 4, 5):
        path.write_bytes(zipped(pickle.dumps(Bomb(), protocol)))
        with pytest.raises(StudioError):
            read_carried(path)
    assert not (tmp_path / "exploded").exists()


def test_a_directory_of_millions_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(zipped(pickled(fields())))
    struct.pack_into("<I", data, data.rfind(b"PK\5\6") + 12, 1 << 30)
    path = tmp_path / "net.pt"
    path.write_bytes(data)
    monkeypatch.setattr(carried.zipfile, "ZipFile", None)
    with pytest.raises(StudioError, match="more members"):
        read_carried(path)


@settings(max_examples=300)
@given(data=st.data())
def test_damage_anywhere_gives_a_drawing_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.pt"
    whole = bytearray(data.draw(st.sampled_from([WHOLE, tensors(words())])))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.sampled_from([len(whole), len(whole), len(whole) // 2]))])
    with contextlib.suppress(StudioError):
        read_carried(path)


@settings(max_examples=300)
@given(codes=st.binary(max_size=60))
def test_any_pickle_gives_a_value_or_one_line(tmp_path_factory: pytest.TempPathFactory, codes: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.pt"
    path.write_bytes(in_pickle(codes))
    with pytest.raises(StudioError):
        read_carried(path)


WHOLE = zipped(pickled(fields()))


@pytest.mark.parametrize(
    ("ending", "kind"), [(".onnx", "an ONNX file"), (".pt2", "torch.export"), (".ts", "TorchScript")]
)
def test_a_program_is_never_opened_and_is_called_what_it_is(tmp_path: Path, ending: str, kind: str) -> None:
    path = tmp_path / f"net{ending}"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(StudioError, match=kind):
        read_drawing(path)
