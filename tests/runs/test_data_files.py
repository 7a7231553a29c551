"""Whether a known data set is there, seen from its files' names."""

from pathlib import Path

import pytest

from resnet_studio.runs.data_files import FILES, absence
from resnet_studio.runs.datasets import KNOWN


def test_every_data_set_that_is_downloaded_has_its_files_listed() -> None:
    assert set(FILES) == {name for name, known in KNOWN.items() if known.download_bytes}


@pytest.mark.parametrize("name", sorted(FILES))
def test_one_file_that_lacks_is_told_with_its_folder_and_a_remedy(name: str, tmp_path: Path) -> None:
    for file in FILES[name]:
        fault = absence(name, tmp_path)
        assert fault is not None
        assert KNOWN[name].title in fault.what
        assert str(tmp_path) in fault.what
        assert fault.remedy
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert absence(name, tmp_path) is None


def test_what_is_bundled_or_the_users_own_is_never_absent_by_its_name(tmp_path: Path) -> None:
    assert absence("digits") is None
    assert absence("folder", tmp_path / "nowhere") is None


def test_a_root_that_is_no_path_is_an_absence(tmp_path: Path) -> None:
    assert absence("mnist", "a\0b") is not None
