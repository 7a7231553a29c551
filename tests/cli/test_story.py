"""The whole way on the command line, with torch: draw, confirm, train, stop, resume, export, load elsewhere."""

import json
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.runs.events import Finished, Started, Stopped, decode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec, default_spec
from tests.cli.program import SECONDS, command, environment, refusal, run

# Only torch, isolated from this program: what a stranger does with the file.
STRANGER = """
import json, sys
import torch
torch.set_num_threads(1)
held = torch.load(sys.argv[1], weights_only=True)
state = held["state_dict"]
assert "resnet_studio" not in sys.modules
running = ("running_mean", "running_var", "num_batches_tracked")
params = sum(t.numel() for name, t in state.items() if not name.endswith(running))
print(json.dumps({"keys": sorted(held), "names": sorted(state), "params": params, "classes": held["classes"],
                  "input": held["input"], "design": json.loads(held["design"])["name"],
                  "finite": all(bool(t.isfinite().all()) for t in state.values())}))
"""
# The same weights in torchvision's own network, strictly.
TORCHVISION = """
import sys
import torch, torchvision
torch.set_num_threads(1)
state = torch.load(sys.argv[1], weights_only=True)["state_dict"]
torchvision.models.get_model(sys.argv[2]).load_state_dict(state, strict=True)
"""


def _python(script: str, *words: str, folder: Path) -> str:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", script, *words], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_from_a_preset_to_a_file_that_plain_torch_loads(tmp_path: Path) -> None:
    assert run("new", "digits_starter", "-o", "mine.resnet.json", folder=tmp_path).returncode == 0
    trained = run(
        "train", "mine.resnet.json", "--data", "digits", "--epochs", "2", "--seed", "7", "--run", "first", folder=tmp_path
    )  # fmt: skip
    assert (trained.returncode, trained.stderr) == (0, "")
    lines = trained.stdout.splitlines()
    assert lines[0] == f"run {tmp_path / 'first'}"
    assert "77,290 parameters" in lines[1]
    assert [line.split("  ")[0] for line in lines[2:4]] == ["epoch 1/2", "epoch 2/2"]
    folder = RunFolder.open(tmp_path / "first")
    assert folder.design() == preset("digits_starter")
    assert (folder.spec().epochs, folder.spec().seed) == (2, 7)
    end = folder.events()[-1]
    assert isinstance(end, Finished)
    assert end.best_accuracy > 0.3  # ten classes: chance is 0.1

    again = refusal(run("train", "mine.resnet.json", "--run", "first", folder=tmp_path))
    assert "first is not empty" in again

    exported = run("export", "first", "-o", "mine.pt", "--json", "--state-dict", folder=tmp_path)
    assert (exported.returncode, exported.stderr) == (0, "")
    receipt = json.loads(exported.stdout)
    assert (receipt["params"], receipt["weights"]) == (77_290, "best")
    assert receipt["max_difference"] <= 1e-5
    assert receipt["bytes"] == (tmp_path / "mine.pt").stat().st_size
    told = json.loads(_python(STRANGER, "mine.pt", folder=tmp_path))
    assert (told["params"], told["finite"], told["design"]) == (77_290, True, "Digits starter")
    assert told["classes"] == [str(digit) for digit in range(10)]
    assert told["input"]["shape"] == [1, 8, 8]
    assert {"conv1.weight", "layer2.0.downsample.1.running_var", "fc.bias"} <= set(told["names"])
    assert (tmp_path / "mine.state_dict.pt").is_file()


def test_torchinfo_confirms(tmp_path: Path) -> None:
    told = json.loads(run("summary", "resnet50", "--json", folder=tmp_path).stdout)
    assert told["confirmed_by"].startswith("torchinfo 1.")
    assert (told["params"], f"{told['macs'] / 1e9:.3f}") == (25_557_032, "4.089")
    assert told["unconfirmed_because"] is None
    ended = run("summary", "digits_starter", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Confirmed by torchinfo 1." in ended.stdout.splitlines()[-1]


def test_fresh_weights_of_a_preset_fit_torchvisions_own(tmp_path: Path) -> None:
    ended = run("export", "resnext50_32x4d", "-o", "x.pt", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "weights             fresh" in ended.stdout
    _python(TORCHVISION, "x.pt", "resnext50_32x4d", folder=tmp_path)


def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "x.pt").write_text("precious")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    ended = run("export", "digits_starter", "-o", "x.pt", folder=tmp_path, preexec_fn=little_room)
    assert "x.pt could not be written" in refusal(ended)
    assert (tmp_path / "x.pt").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir() if path.name != ".home"] == ["x.pt"]
    assert "no/x.pt" in refusal(run("export", "digits_starter", "-o", "no/x.pt", folder=tmp_path))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_export_that_is_ended_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        command("export", "digits_starter", "-o", "x.pt"), cwd=tmp_path, stdin=subprocess.DEVNULL,
        # Ended in the middle of writing: that the file was open is what the test wants, and no news to it.
        env=environment(tmp_path / ".home", {"TMPDIR": str(tmp_path), "PYTHONWARNINGS": "ignore::ResourceWarning"}),
        stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stderr is not None
        while not list(tmp_path.glob(".x.pt.*.tmp")):
            assert child.poll() is None
            time.sleep(0.005)
        child.send_signal(number)
        errors = child.stderr.read()
    assert (child.returncode, errors) == (128 + number, b"")
    assert not [path.name for path in tmp_path.iterdir() if path.name != ".home"]


def test_a_device_that_is_not_there_leaves_no_run(tmp_path: Path) -> None:
    said = refusal(run("train", "digits_starter", "--device", "cuda:7", "--run", "r", folder=tmp_path))
    assert "There is no device cuda:7 here." in said
    assert not (tmp_path / "r").exists()


def test_data_that_is_not_there_leaves_no_run(tmp_path: Path) -> None:
    said = refusal(run("train", "cifar_resnet20", "--data", "cifar10", "--root", "none", folder=tmp_path))
    assert "CIFAR-10 is not complete" in said
    assert "--download" in said
    assert not list((tmp_path / ".home").glob("runs/*"))


def test_ctrl_c_keeps_the_run_and_resume_ends_it(tmp_path: Path) -> None:
    write_design(tmp_path / "d.json", preset("digits_starter"))
    words = command("train", "d.json", "--epochs", "60", "--run", "r")
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(tmp_path / ".home", {"PYTHONUNBUFFERED": "1"}), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        for line in child.stdout:
            if line.startswith("epoch  1/60"):
                child.send_signal(signal.SIGINT)
                break
        rest = child.stdout.read()
        errors = child.stderr.read()
    assert (child.returncode, errors) == (130, "")
    assert "stopped at step" in rest
    assert "`resnet-studio resume " in rest
    stopped = RunFolder.open(tmp_path / "r").events()[-1]
    assert isinstance(stopped, Stopped)


def test_a_reader_that_goes_away_stops_the_run_with_a_checkpoint(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("train", "digits_starter", "--epochs", "500", "--run", "r"), cwd=tmp_path, text=True,
        env=environment(tmp_path / ".home", {"PYTHONUNBUFFERED": "1"}),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        # It reads until something has been learnt: a reader that goes before that stops the run at step 0.
        while not child.stdout.readline().startswith("epoch"):
            assert child.poll() is None
        child.stdout.close()
        errors = child.stderr.read()
    assert (child.returncode, errors) == (141, "")
    stopped = RunFolder.open(tmp_path / "r").events()[-1]
    assert isinstance(stopped, Stopped)
    assert stopped.step > 0


def test_the_windows_child_speaks_events_and_goes_when_the_window_goes(tmp_path: Path) -> None:
    folder = RunFolder.create_at(tmp_path / "r", preset("digits_starter"), TrainSpec(epochs=500))
    with subprocess.Popen(
        command("train", folder.path, "--events"), cwd=tmp_path, env=environment(tmp_path / ".home"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        events = [decode(child.stdout.readline()), decode(child.stdout.readline())]
        child.stdin.close()  # the window is gone
        events += [decode(line) for line in child.stdout]
    assert child.returncode == 0
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Stopped)
    assert events[0].run == str(folder.path)


def test_resume_ends_what_was_stopped(tmp_path: Path) -> None:
    folder = RunFolder.create_at(tmp_path / "r", preset("digits_starter"), TrainSpec(epochs=2))
    stopped = subprocess.run(
        command("train", folder.path, "--events"), cwd=tmp_path, env=environment(tmp_path / ".home"),
        input=b'{"do":"stop"}\n', capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert stopped.returncode == 0, stopped.stderr
    ended = run("resume", "r", "--json", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["state"] == "finished"
    told = json.loads(ended.stdout)
    assert told["run"] == str(folder.path)
    assert 0 < told["best_accuracy"] <= 1
    # Nothing is left to train, and the best is known all the same.
    assert json.loads(run("resume", "r", "--json", folder=tmp_path).stdout) == told


def test_other_data_is_not_looked_for_where_the_old_lies(tmp_path: Path) -> None:
    spec = replace(default_spec("cifar10"), root=str(tmp_path / "elsewhere"))
    RunFolder.create_at(tmp_path / "r", preset("cifar_resnet20"), spec)
    same = refusal(run("train", "r", "--epochs", "3", folder=tmp_path))
    assert "elsewhere" in same
    other = refusal(run("train", "r", "--data", "cifar100", "--adapt", folder=tmp_path))
    assert "elsewhere" not in other
    assert "CIFAR-100 is not complete" in other


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_a_diagram_of_each_format(tmp_path: Path, ending: str) -> None:
    ended = run("diagram", "resnet18", "-o", f"d.{ending}", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    start = (tmp_path / f"d.{ending}").read_bytes()[:600]
    assert {"svg": b"<svg", "pdf": b"%PDF-", "png": b"\x89PNG"}[ending] in start


def test_the_engine_answers_and_ends_with_its_stdin(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("serve"), cwd=tmp_path, env=environment(tmp_path / ".home"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        ready = json.loads(child.stdout.readline())
        assert (ready["id"], ready["result"]["ready"]) == (0, True)
        child.stdin.write(json.dumps({"id": 3, "do": "hello"}).encode() + b"\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["id"] == 3
        child.stdin.close()
        assert child.stdout.read() == b""
    assert child.returncode == 0
