"""An installed wheel is whole: it carries resources/, the entry point, the type marker; the checkout finds the same."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from resnet_studio.resources_path import resource

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_checkout_finds_its_resources() -> None:
    assert resource("README.md") == ROOT / "resources" / "README.md"


def test_a_missing_resource_names_both_places() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/no\.svg is neither at .*resnet_studio.* nor at"):
        resource("icons", "no.svg")


def test_the_wheel_carries_every_resource(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    kept = [
        path for path in (ROOT / "resources").rglob("*") if path.is_file() and not path.name.startswith(".")
    ]
    # The translators' template is made of the source when somebody translates, and is no resource.
    made = (".pyc", ".pot")
    wanted = {
        f"resnet_studio/{path.relative_to(ROOT).as_posix()}" for path in kept if path.suffix not in made
    }
    assert wanted
    assert wanted - names == set()
    assert "resnet_studio/py.typed" in names
    assert not any(name.startswith(("tests/", "tools/", "resources/")) for name in names)


def test_an_installed_wheel_finds_them_inside_itself(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    ask = "from resnet_studio.resources_path import resource; print(resource('README.md'))"
    command = [sys.executable, "-IS", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {ask}"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()
    assert found == str(tmp_path / "resnet_studio" / "resources" / "README.md")


@pytest.mark.parametrize(
    "start",
    [
        ["-m", "resnet_studio"],
        [str(ROOT / "main.py")],
        [str(Path(sys.executable).with_name("resnet-studio"))],
    ],
    ids=["python -m resnet_studio", "python main.py", "resnet-studio"],
)
def test_every_way_to_start_leads_to_the_same_program(start: list[str], tmp_path: Path) -> None:
    command = start if "bin" in start[0] else [sys.executable, *start]
    shown = subprocess.run(
        [*command, "presets"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert "resnet50" in shown.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have their screen always")
def test_without_a_screen_one_line_says_so() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, str(ROOT / "main.py")]
    shown = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert shown.returncode == 2
    assert len(shown.stderr.splitlines()) == 1
    assert "no screen" in shown.stderr
