"""What a user sees of set-up: first start, second start, interruptions, failures."""

import subprocess
from pathlib import Path

import pytest

from tests.bootstrap.house import BASE_PYTHON, House

WHOLE = ["venv", "pip sync", "pip install"]
LATER = ["pip sync", "pip install"]


def test_first_start_sets_up_and_the_second_starts_at_once(house: House) -> None:
    first = house.start("run", "presets")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("started ['presets']")
    assert "set-up: done" in first.stderr
    assert house.calls() == WHOLE
    second = house.start("run", "presets")
    assert second.stdout == first.stdout
    assert second.stderr == ""
    assert house.calls() == []


def test_arguments_and_folder_reach_the_program(house: House, tmp_path: Path) -> None:
    result = house.start("run", "summary", "a b", "*", cwd=tmp_path)
    assert result.stdout == f"started ['summary', 'a b', '*'] {tmp_path}\n"


def test_the_program_s_exit_status_is_the_command_s(house: House) -> None:
    (house.root / "main.py").write_text("raise SystemExit(7)\n")
    assert house.start("run").returncode == 7


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_of_what_is_locked_renews(house: House, name: str) -> None:
    house.start("run")
    house.calls()
    with (house.root / name).open("a") as file:
        file.write("# changed\n")
    assert house.start("run").returncode == 0
    assert house.calls() == LATER
    house.start("run")
    assert house.calls() == []


def test_a_moved_folder_renews(house: House) -> None:
    house.start("run")
    house.calls()
    house.root = house.root.rename(house.root.with_name("elsewhere"))
    assert house.start("run").returncode == 0
    assert "pip install" in house.calls()


@pytest.mark.parametrize("step", ["venv", "sync", "install"])
def test_a_killed_set_up_is_done_again_from_a_fresh_environment(house: House, step: str) -> None:
    marker = house.fake / f"kill-in-{step}"
    marker.touch()
    assert house.start("run").returncode != 0
    marker.unlink()
    house.calls()
    again = house.start("run")
    assert again.returncode == 0, again.stderr
    assert house.calls() == WHOLE


@pytest.mark.parametrize("step", ["venv", "sync", "install"])
def test_a_failure_is_a_message_without_traceback(house: House, step: str) -> None:
    (house.fake / f"fail-in-{step}").touch()
    index = "http://127.0.0.1:9"  # the discard port: nobody listens
    result = house.start("run", UV_DEFAULT_INDEX=index)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert f"{index} cannot be reached" in result.stderr
    assert "start again" in result.stderr
    (house.fake / f"fail-in-{step}").unlink()
    assert house.start("run").returncode == 0


def test_a_broken_environment_is_laid_out_anew(house: House) -> None:
    house.start("run")
    house.calls()
    python = house.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert house.start("run").returncode == 0
    assert house.calls() == WHOLE


def test_two_starts_at_once_set_up_once(house: House) -> None:
    env = {"PATH": f"{house.fake}:{Path(BASE_PYTHON).parent}:/usr/bin:/bin", "HOME": str(house.fake)}
    both = [
        subprocess.Popen(
            [house.root / "run"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=60) for process in both]
    assert all(out.startswith("started") for out, _ in answers), answers
    assert house.calls() == WHOLE


def test_without_python_the_message_says_what_to_install(house: House, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for name in ("dirname", "sh"):
        (empty / name).symlink_to(f"/usr/bin/{name}")
    result = house.start("run", PATH=str(empty))
    assert result.returncode == 1
    assert "Python 3.11 or newer" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_read_only_folder_is_named(house: House) -> None:
    (house.root / ".tools").write_text("in the way")
    result = house.start("run")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert ".tools" in result.stderr


def test_wrong_use_is_told() -> None:
    from tests.bootstrap.house import ROOT

    result = subprocess.run(
        [BASE_PYTHON, "-IS", str(ROOT / "bootstrap.py"), "walk"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "usage" in result.stderr
