"""Files that are broken, huge, foreign, newer or made to hurt: refused in one sentence that names the place."""

import contextlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design import limits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import FORMAT, dumps, loads, read_design
from resnet_studio.design.presets import preset
from resnet_studio.design.schema import spec_from
from resnet_studio.design.types import Design
from tests.design.drawings import designs

Value = dict[str, Any]


def _good() -> Value:
    value: Value = json.loads(dumps(preset("digits_starter")))
    return value


def _with(path: str, new: object) -> str:
    """The text of a good design with one value replaced; path like stages.0.blocks.1.stride."""
    value = _good()
    place: Any = value
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in way:
        place = place[step]
    place[last] = new
    return json.dumps(value)


# Every number of the file with its largest value, every text of it, every choice.
NUMBERS = {
    "input.channels": limits.MAX_CHANNELS,
    "input.height": limits.MAX_IMAGE,
    "input.width": limits.MAX_IMAGE,
    "stem.channels": limits.MAX_CHANNELS,
    "stem.kernel": limits.MAX_KERNEL,
    "stem.stride": limits.MAX_STRIDE,
    "stages.1.blocks.0.channels": limits.MAX_CHANNELS,
    "stages.1.blocks.0.width": limits.MAX_CHANNELS,
    "stages.1.blocks.0.groups": limits.MAX_CHANNELS,
    "stages.1.blocks.0.stride": limits.MAX_STRIDE,
    "stages.1.blocks.0.kernel": limits.MAX_KERNEL,
    "stages.1.blocks.0.dilation": limits.MAX_DILATION,
    "stages.1.blocks.0.norm_groups": limits.MAX_CHANNELS,
    "stages.1.blocks.0.reduction": limits.MAX_CHANNELS,
    "stem.norm_groups": limits.MAX_CHANNELS,
    "head.norm_groups": limits.MAX_CHANNELS,
    "head.classes": limits.MAX_CLASSES,
}
FLAGS = [
    "stem.pool",
    "stem.activate",
    "stages.0.blocks.0.stride_first",
    "stages.0.blocks.0.zero_init",
    "head.activate",
]
CHOICES = [
    "stem.activation", "stages.0.blocks.0.kind", "stages.0.blocks.0.order", "stages.0.blocks.0.shortcut",
    "stages.0.blocks.0.activation", "head.activation", "stem.kind", "stem.norm", "stages.0.blocks.0.norm",
    "stages.0.blocks.0.attention", "head.norm", "head.pool",
]  # fmt: skip
RATES = ["stages.0.blocks.0.dropout", "stages.0.blocks.0.drop_path", "head.dropout"]
OBJECTS = ["input", "stem", "stages.0", "stages.0.blocks.0", "head"]


def _place(path: str) -> str:
    """The path as the messages write it: stages[0].blocks[1].stride."""
    words = ""
    for step in path.split("."):
        words += f"[{step}]" if step.isdecimal() else f".{step}" if words else step
    return words


def _refused(text: str) -> str:
    with pytest.raises(StudioError) as caught:
        loads(text)
    message = str(caught.value)
    assert len(message) < 400
    assert "\n" not in message
    return message


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize(
    "wrong", [True, False, 1.0, 1.5, "1", None, [], {}, 0, -1, -(10**30), 10**30, float("1e308")]
)
def test_a_wrong_number_is_named(path: str, wrong: object) -> None:
    assert _refused(_with(path, wrong)).startswith(_place(path))


@pytest.mark.parametrize("path", RATES)
def test_a_rate_is_a_number_below_one(path: str) -> None:
    for right in (0, 0.0, 0.5, limits.MAX_RATE):
        loads(_with(path, right))
    for wrong in (True, "0.5", None, [], {}, -0.1, 1, 1.0, 10**30, float("nan"), float("inf")):
        assert _refused(_with(path, wrong))
    assert _refused(_with(path, 0.5).replace("0.5", "1e999")).startswith(_place(path))


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [(1.0, "1.0"), (0.0, "0.0"), (True, "true"), (False, "false"), (None, "null"), ("a", "'a'")],
)
def test_what_is_wrong_is_shown_as_it_stands(wrong: object, shown: str) -> None:
    assert _refused(_with("stem.stride", wrong)).endswith(f"not {shown}.")


@pytest.mark.parametrize(("path", "high"), NUMBERS.items())
def test_every_number_has_a_largest_value(path: str, high: int) -> None:
    loads(_with(path, high))
    message = _refused(_with(path, high + 1))
    assert message.startswith(_place(path))
    assert f"to {high}" in message


def test_an_even_kernel_is_refused() -> None:
    assert "stem.kernel must be odd, not 4" in _refused(_with("stem.kernel", 4))


@pytest.mark.parametrize("path", FLAGS)
@pytest.mark.parametrize("wrong", [0, 1, 1.0, "true", None])
def test_a_wrong_flag_is_named(path: str, wrong: object) -> None:
    assert _refused(_with(path, wrong)).startswith(_place(path))


@pytest.mark.parametrize("path", CHOICES)
@pytest.mark.parametrize("wrong", ["", "RELU", "Residual", " relu", None, 1, [], {}, "x" * 10_000])
def test_a_wrong_choice_is_named_with_the_right_ones(path: str, wrong: object) -> None:
    message = _refused(_with(path, wrong))
    assert message.startswith(f"{_place(path)} must be one of ")


@pytest.mark.parametrize(
    "path", [*NUMBERS, *FLAGS, *CHOICES, "name", "stages", "stages.0.id", "stages.0.blocks"]
)
def test_a_missing_field_is_named(path: str) -> None:
    value = _good()
    place: Any = value
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdecimal() else place[step]
    del place[last]
    assert _refused(json.dumps(value)) == f"{_place(path)} is missing."


@pytest.mark.parametrize("path", OBJECTS)
@pytest.mark.parametrize("name", ["extra", "Kernel", "__class__", "", "x" * 500])
def test_an_unknown_field_is_named(path: str, name: str) -> None:
    value = _good()
    place: Any = value
    for step in path.split("."):
        place = place[int(step)] if step.isdecimal() else place[step]
    place[name] = 1
    message = _refused(json.dumps(value))
    assert message.startswith(f"{_place(path)} has fields that are not known")
    assert repr(name[:64]) in message


def test_an_unknown_field_of_the_whole_is_named() -> None:
    assert "'author'" in _refused(json.dumps(_good() | {"author": "me"}))


@pytest.mark.parametrize("path", OBJECTS[:-1])
@pytest.mark.parametrize("wrong", [None, 1, "x", [], True])
def test_what_must_be_an_object_is_named(path: str, wrong: object) -> None:
    assert _refused(_with(path, wrong)).startswith(f"{_place(path)} must be an object")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 65,
        "a\nb",
        "a\tb",
        "a\0b",
        "\u202egnp.exe",
        "a\u200bb",
        "\ud800",
        "a\u2028b",
        "\ue000",
        "\ufeffx",
    ],
)
@pytest.mark.parametrize("path", ["name", "stages.0.name"])
def test_names_that_deceive_are_refused(path: str, name: str) -> None:
    assert _refused(_with(path, name)).startswith(_place(path))


@pytest.mark.parametrize(
    "name", ["Ré → 金 🙂", "x" * 64, "../../etc/passwd", "<b>bold</b>", "%s {0}", 'O\'Brien "x" \\']
)
def test_names_are_only_names(name: str) -> None:
    assert loads(_with("name", name)).name == name


@pytest.mark.parametrize(
    "wrong", ["", "a b", "a/b", "ä", "x" * 33, 7, None, "stem", "head", "design", "s1b1"]
)
def test_ids_are_plain_and_stand_once(wrong: object) -> None:
    _refused(_with("stages.1.blocks.0.id", wrong))


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (FORMAT + 1, f"It has format {FORMAT + 1}; this ResNet Studio reads up to format {FORMAT}"),
        (10**40, "newer"),
        (10**4_000, "newer"),
        (0, "format must be a whole number"),
        (-1, "format must be a whole number"),
        (1.0, "format must be a whole number"),
        (True, "format must be a whole number"),
        ("1", "format must be a whole number"),
        (None, "format must be a whole number"),
    ],
)
def test_another_format_says_what_is_needed(version: object, words: str) -> None:
    assert words in _refused(json.dumps(_good() | {"format": version}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("\ufeff{}", "not JSON"),
        ("null", "no “format”"),
        ("[]", "no “format”"),
        ("{}", "no “format”"),
        ('"design"', "no “format”"),
        ('{"format": 1, "format": 1}', "twice"),
        ('{"format": 1, "input": {"channels": 3, "channels": 4}}', "twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"format":' * 50_000, "nested too deeply"),
        ('{"format": NaN}', "NaN"),
        ('{"format": -Infinity}', "Infinity"),
        ('{"format": ' + "9" * 5_000 + "}", "not a design"),
        ('{"format": 1e999999}', "format must be"),
        ('{"format": 1}', "missing"),
        ("import os; os.system('true')", "not JSON"),
        ("\x80\x04\x95", "not JSON"),
    ],
)
def test_what_is_no_design_says_why(text: str, words: str) -> None:
    assert words in _refused(text)


def test_too_many_blocks_and_stages_are_refused() -> None:
    value = _good()
    block, stage = value["stages"][0]["blocks"][0], value["stages"][0]
    many = [block | {"id": f"b{i}"} for i in range(limits.MAX_BLOCKS + 1)]
    assert f"may hold {limits.MAX_BLOCKS}" in _refused(
        json.dumps(value | {"stages": [stage | {"blocks": many}]})
    )
    half = limits.MAX_BLOCKS // 2 + 1
    two = [stage | {"id": "l1", "blocks": many[:half]}, stage | {"id": "l2", "blocks": many[half:]}]
    assert loads(json.dumps(value | {"stages": [two[0]]}))
    over = [two[0], {**two[1], "blocks": [block | {"id": f"c{i}"} for i in range(half)]}]
    assert f"{limits.MAX_BLOCKS} blocks" in _refused(json.dumps(value | {"stages": over}))
    lanes = [{"id": f"l{i}", "name": "x", "blocks": []} for i in range(limits.MAX_STAGES + 1)]
    assert f"may hold {limits.MAX_STAGES}" in _refused(json.dumps(value | {"stages": lanes}))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_json_is_a_design_or_is_refused(value: object) -> None:
    _refused(json.dumps(value))
    _refused(json.dumps({"format": 1, "stages": value}))
    with pytest.raises(StudioError):
        spec_from(value)


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    _refused(text)


@given(designs(), st.data())
def test_a_damaged_design_is_refused_or_is_another_design(design: Design, data: st.DataObject) -> None:
    text = dumps(design)
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.characters(exclude_categories=["Cs"])) + text[at + 1 :]
    with contextlib.suppress(StudioError):  # anything else is a bug
        assert isinstance(loads(damaged), Design)


# --- what lies on the disk ----------------------------------------------------------------------------------------------


def _refused_file(path: Path) -> str:
    with pytest.raises(StudioError) as caught:
        read_design(path)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _big(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * 2**30)  # sparse


def _circle(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "could not be read (No such file"),
        (Path.mkdir, "This is a folder"),
        (_fifo, "not a regular file"),
        (_socket, "not a regular file"),
        (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
        (lambda path: path.symlink_to("nowhere"), "could not be read"),
        (_circle, "could not be read"),
        (_big, "larger than 4 MB"),
        (lambda path: path.write_bytes(b""), "not JSON"),
        (lambda path: path.write_bytes(b"\xef\xbb\xbf" + dumps(Design()).encode()), "not JSON"),
        (lambda path: path.write_bytes(dumps(Design()).encode("utf-16")), "not UTF-8"),
        (lambda path: path.write_bytes(b'{"format": 1, "name": "\xff"}'), "not UTF-8"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100)), "not UTF-8"),
        (lambda path: path.write_bytes(b" " * 4 * 2**20), "not JSON"),
        (lambda path: path.write_bytes(b" " * (4 * 2**20 + 1)), "larger than 4 MB"),
    ],
)
def test_a_file_that_is_no_design(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    path = tmp_path / "x.resnet.json"
    make(path)
    assert words in _refused_file(path)


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    assert "could not be read" in _refused_file(tmp_path / ("x" * 300))
    assert "This is no path" in _refused_file(tmp_path / "a\0b")


def test_a_link_to_a_design_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text(dumps(preset("resnet18")))
    (tmp_path / "link.json").symlink_to("real.json")
    assert read_design(tmp_path / "link.json") == preset("resnet18")
