"""The command line itself: help, wrong use, names that are nearly right, output that nobody can take."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio import language
from resnet_studio.cli import main
from resnet_studio.cli.progress import RunView
from resnet_studio.runs.events import Notice
from resnet_studio.runs.exit_code import MEANINGS
from tests.cli.program import ROOT, command, environment, refusal, run

COMMANDS = [
    "presets",
    "new",
    "summary",
    "check",
    "compare",
    "code",
    "diagram",
    "train",
    "resume",
    "export",
    "serve",
]


def test_help_names_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    for word in ("--help", "-h", "help"):
        ended = run(word, folder=tmp_path)
        assert (ended.returncode, ended.stderr) == (0, "")
        for name in COMMANDS:
            assert f"  {name}" in ended.stdout
        for code, words in MEANINGS.items():
            assert f" {code} {words}\n" in ended.stdout


def test_the_manual_names_the_same_exit_codes() -> None:
    told = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    paragraph = re.search(r"^Exit codes: .*?\n\n", told, flags=re.MULTILINE | re.DOTALL)
    assert paragraph is not None
    assert re.findall(r"\*\*(\d+)\*\*", paragraph[0]) == [str(code) for code in MEANINGS]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, name: str) -> None:
    ended = run(name, "--help", folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"usage: resnet-studio {name}" in ended.stdout


def test_train_offers_every_setting(tmp_path: Path) -> None:
    from resnet_studio.runs.fields import FIELDS

    said = run("train", "--help", folder=tmp_path).stdout
    for field in FIELDS:
        assert field.flag in said


def test_the_version(tmp_path: Path) -> None:
    assert run("--version", folder=tmp_path).stdout.startswith("resnet-studio ")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["train", "--help"],
        ["presets"],
        ["new", "resnet18", "-o", "a.resnet.json"],
        ["check", "resnet18"],
        ["summary", "resnet50", "--no-confirm"],
        ["code", "resnet50", "-o", "resnet50.py"],
    ],
    ids=" ".join,
)
def test_what_needs_neither_qt_nor_torch_loads_neither(tmp_path: Path, words: list[str]) -> None:
    script = (
        "import sys\nfrom resnet_studio.cli import main\n"
        f"try:\n    code = main({words!r})\nexcept SystemExit as end:\n    code = end.code\n"
        "heavy = {'PySide6', 'torch', 'torchvision', 'torchinfo', 'numpy', 'sklearn', 'pygraphviz'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)\nsys.exit(code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "[]\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sumary", "resnet50"], "sumary is no command. Did you mean `resnet-studio summary FILE|PRESET`?"),
        (["resnet50"], "It is a preset: `resnet-studio new resnet50 -o FILE`"),
        (["nowhere.resnet.json"], "no file and no command called nowhere.resnet.json"),
        (["--epochs"], "--epochs is no option here"),
        (["presets", "--jsn"], "--jsn is not understood. Did you mean --json?"),
        (["presets", "all"], "all is not understood"),
        (["summary"], "required: FILE|PRESET"),
        (["summary", "resnt50"], "no file or preset called resnt50. Did you mean resnet50"),
        (["summary", "resnet50", "--input", "3x224"], "must be channels x height x width"),
        (["summary", "resnet50", "--input", "0x8x8"], "channels must be from 1"),
        (["summary", "resnet50", "--input", "3x5000x8"], "height must be from 1 to 4096"),
        (["summary", "resnet50", "--input"], "expected one argument"),
        (["summary", "resnet50", "--inputs", "3x8x8"], "Did you mean --input?"),
        (["summary", "no/such/folder/x.json"], "The folder no/such/folder does not exist either"),
        (["summary", "x" * 5000], "There is no file or preset called xxx"),
        (["new", "resnet50"], "required: -o/--output"),
        (["new", "resnet51", "-o", "x.json"], "Depth 51 does not exist here. Take one of 18, 34, 50"),
        (["new", "resnet50", "-o", "x.json", "--classes", "0"], "--classes must be a whole number from 1"),
        (["new", "resnet50", "-o", "x.json", "--classes", "ten"], "--classes must be a whole number from 1"),
        (["new", "resnet50", "-o", "no/such/x.json"], "The folder does not exist"),
        (["new", "resnet50", "-o", "."], ". is a folder"),
        (["new", "resnet50", "-o", "/dev/null"], "/dev/null is not a regular file"),
        (["code", "resnet18", "-o", "x.txt"], "End its name in .py"),
        (["code", "resnet18", "-o", "no/such/x.py"], "The folder does not exist"),
        (["diagram", "resnet18", "-o", "x.jpg"], "End its name in .svg, .pdf or .png"),
        (["diagram", "resnet18", "-o", "x.svg", "--theme", "blue"], "invalid choice: 'blue'"),
        (["train", "resnet18"], "the data has 10 classes, the design names 1000. Add --adapt"),
        (["train", "digits_starter", "--epochs", "0"], "--epochs must be from 1 to 10000, not 0"),
        (["train", "digits_starter", "--epochs", "two"], "--epochs must be a number, not 'two'"),
        (["train", "digits_starter", "--lr", "nan"], "--lr must be a finite number"),
        (["train", "digits_starter", "--lr", "-1"], "--lr must be from 0 to 100"),
        (["train", "digits_starter", "--data", "digit"], "Did you mean digits?"),
        (["train", "digits_starter", "--device", "gpu"], "--device must be auto, all, cpu"),
        (["train", "digits_starter", "--data", "folder"], "none is named"),
        (["rates", "digits_starter", "--data", "digit"], "Did you mean digits?"),
        (["rates", "resnet18"], "10 classes"),
        (["resume", "nowhere"], "There is no run"),
        (["resume", "."], "is not a run: it has no run.json"),
        (
            ["export", "resnet18", "-o", "x.pt", "--weights", "best"],
            "resnet18 is no run, so it has no best weights",
        ),
        (["serve", "--port"], "--port is not understood"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line_with_a_remedy(tmp_path: Path, words: list[str], said: str) -> None:
    ended = run(*words, folder=tmp_path)
    assert said in refusal(ended)
    assert ended.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == []


def test_near_files_are_offered_too(tmp_path: Path) -> None:
    run("new", "resnet18", "-o", "mine.resnet.json", folder=tmp_path)
    said = refusal(run("check", "mine.resnet.jso", folder=tmp_path))
    assert "Did you mean mine.resnet.json?" in said


def test_nobody_reads_on(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("summary", "resnet152", "--no-confirm"), cwd=tmp_path, env=environment(tmp_path),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_stdout(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run("presets", folder=tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert "could not be written (No space left on device)" in refusal(ended)


def test_a_terminal_that_knows_only_ascii(tmp_path: Path) -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    golden = ROOT / "tests" / "design" / "golden" / "format1.resnet.json"
    ended = run("check", golden, folder=tmp_path, env=env)
    assert ended.returncode in (0, 1)
    assert ended.stderr == ""
    assert "ä" not in ended.stdout
    assert "nichts-d\\xe4" in refusal(run("check", "nichts-dä", folder=tmp_path, env=env))


def test_a_name_cannot_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\x1b[2J\u202eb.png"
    assert "called a\ufffd[2J\ufffdb.png." in refusal(run("check", name, folder=tmp_path))
    RunView().show(Notice(text=f"{name} cannot be used"))
    assert capsys.readouterr().out == "note: a\ufffd[2J\ufffdb.png cannot be used\n"


@pytest.mark.parametrize(
    ("words", "speaks"),
    [(["serve", "--help"], True), (["train", "--events", "--help"], True), (["train", "--help"], False)],
)
def test_what_the_window_shows_is_said_in_the_users_language(
    monkeypatch: pytest.MonkeyPatch, words: list[str], speaks: bool
) -> None:
    """The command line itself is English: programs read it."""
    asked: list[bool] = []
    monkeypatch.setattr(language, "speak_users", lambda: asked.append(True))
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert asked == [True] * speaks
