"""The words between window and engine: what goes out comes back, and nothing else is taken."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.runs import wire

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.text().filter(lambda name: name not in ("id", "do"))


@given(number=st.integers(), do=st.text(), args=st.dictionaries(NAMES, JSON, max_size=3))
def test_a_request_comes_back(number: int, do: str, args: dict) -> None:
    request = wire.Request(number, do, args)
    line = wire.encode_request(request)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert wire.decode_request(line) == request
    assert wire.decode_request(line.decode()) == request


ANSWERS = st.one_of(
    st.builds(wire.Result, st.integers(), st.dictionaries(st.text(), JSON, max_size=3)),
    st.builds(wire.Result, st.integers(), st.lists(JSON, max_size=3)),
    st.builds(wire.Failure, st.integers(), st.text(), st.text()),
    st.builds(
        wire.Progress,
        st.integers(),
        st.integers(),
        st.integers(),
        st.text(),
        st.none() | st.dictionaries(st.text(), JSON, max_size=3),
    ),
)


@given(answer=ANSWERS)
def test_an_answer_comes_back(answer: wire.Answer) -> None:
    line = wire.encode_answer(answer)
    assert line.isascii()
    assert line.splitlines(keepends=True) == [line]
    assert wire.decode_answer(line) == answer


def test_an_answer_has_the_agreed_form() -> None:
    told = [wire.Result(7, {"a": 1}), wire.Failure(7, "No.", "Yes."), wire.Progress(7, 3, 10, "on")]
    told.append(wire.Progress(7, 3, 10, "on", {"rate": 0.5}))
    assert [json.loads(wire.encode_answer(answer)) for answer in told] == [
        {"id": 7, "result": {"a": 1}},
        {"id": 7, "error": {"what": "No.", "remedy": "Yes."}},
        {"id": 7, "progress": {"done": 3, "total": 10, "text": "on"}},
        {"id": 7, "progress": {"done": 3, "total": 10, "text": "on", "value": {"rate": 0.5}}},
    ]
    assert asdict(wire.Request(1, "hello"))["args"] == {}


@pytest.mark.parametrize(
    "line",
    [b"", b"nonsense", b"[]", b"7", b'{"do": "hello"}', b'{"id": true, "do": "hello"}', b'{"id": 1}', b'{"id": 1, "do": 2}',
     b'{"id": 1.0, "do": "hello"}', b"\xff\xfe", b"[" * 100_000, b'{"id": 1, "do": "' + b"x" * wire.MAX_LINE + b'"}'],
)  # fmt: skip
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode_request(line)


@pytest.mark.parametrize(
    "line",
    [b"{}", b'{"id": 1}', b'{"id": 1, "result": 3}', b'{"id": 1, "error": "bad"}', b'{"id": 1, "error": {"what": "x"}}',
     b'{"id": 1, "progress": {"done": "x", "total": 1, "text": ""}}', b'{"id": 1, "progress": "on"}',
     b'{"id": 1, "progress": {"done": 1, "total": 1, "text": "", "value": 3}}', b'{"id": null, "result": {}}'],
)  # fmt: skip
def test_what_is_no_answer_is_refused(line: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode_answer(line)


def test_no_answer_carries_what_json_has_not() -> None:
    with pytest.raises(ValueError, match="JSON"):
        wire.encode_answer(wire.Result(1, {"x": float("nan")}))
