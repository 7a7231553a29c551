"""Formats on the command line: chosen by ending, told in a receipt, opened again, ended without a trace."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.program import command, environment, refusal, run


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".home")


def test_what_was_exported_is_a_drawing_again_and_goes_on_into_another_format(tmp_path: Path) -> None:
    ended = run("export", "digits_starter", "-o", "net.safetensors", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "net.safetensors (safetensors, " in ended.stdout
    assert "largest difference 0\n" in ended.stdout
    checked = run("check", "net.safetensors", folder=tmp_path)
    assert checked.stdout.startswith("Digits starter is sound: input 1x8x8")
    onwards = run("export", "net.safetensors", "-o", "net.onnx", "--json", folder=tmp_path)
    assert (onwards.returncode, onwards.stderr) == (0, "")
    receipt = json.loads(onwards.stdout)
    assert (receipt["format"], receipt["weights"], receipt["params"]) == ("onnx", "file", 77_290)
    assert [found["batch"] for found in receipt["differences"]] == [1, 2, 7]
    assert 0 <= receipt["max_difference"] < 1e-5 < receipt["largest_output"]
    assert left(tmp_path) == ["net.onnx", "net.safetensors"]
    said = refusal(run("check", "net.onnx", folder=tmp_path))
    assert "net.onnx is an ONNX file: it carries no drawing" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x.bin"], "x.bin ends in .bin, which is no format of an export. Take .pt, .safetensors, .onnx"),
        (["x"], "x has no ending"),
        (["x.onnx", "--format", "pt"], "not what its ending says. Take .pt"),
        (["x.onnx", "--format", "keras"], "invalid choice: 'keras'"),
        (["x.onnx", "--state-dict"], "beside a .pt, not beside a .onnx"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_format_is_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    assert said in refusal(run("export", "digits_starter", "-o", *words, folder=tmp_path))
    assert left(tmp_path) == []


def test_help_says_what_each_format_is_for(tmp_path: Path) -> None:
    shown = run("export", "--help", folder=tmp_path).stdout
    for ending in (".pt ", ".safetensors ", ".onnx ", ".pt2 ", ".ts "):
        assert f"\n  {ending}" in shown
    assert "deprecated" in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ended_while_the_exporter_works_nothing_is_left(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        command("export", "cifar_resnet110", "-o", "x.onnx"), cwd=tmp_path, stdin=subprocess.DEVNULL,
        env=environment(tmp_path / ".home", {"TMPDIR": str(tmp_path), "PYTHONWARNINGS": "ignore::ResourceWarning"}),
        stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stderr is not None
        while not list(tmp_path.glob("resnet-studio-*/network.pt")):  # what the exporter's process is given
            assert child.poll() is None
            time.sleep(0.005)
        child.send_signal(number)
        errors = child.stderr.read()
    assert (child.returncode, errors) == (128 + number, b"")
    assert left(tmp_path) == []
