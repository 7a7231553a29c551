"""Gives each test a house of its own."""

import os
from pathlib import Path

import pytest

from tests.bootstrap.house import House

if os.name == "nt":
    collect_ignore_glob = ["test_set_up.py"]  # written for a POSIX shell


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.no_system_needs()
    return house
