"""The choice of the device: what the engine found, and all graphics cards where they can train together."""

import sys

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.runs.fields import FIELDS
from resnet_studio.ui.training.controls import DeviceControl

CARDS = [("cuda:0", "H100"), ("cuda:1", "H100")]


@pytest.mark.parametrize(
    ("platform", "cards", "all_offered"), [("linux", 2, True), ("linux", 1, False), ("win32", 2, False)]
)
def test_all_cards_are_offered_where_torch_joins_them(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, platform: str, cards: int, all_offered: bool
) -> None:
    control = DeviceControl(next(field for field in FIELDS if field.name == "device"))
    qtbot.addWidget(control)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", platform)
        control.show_devices([("cpu", "CPU, 8 threads"), *CARDS[:cards]])
    offered = [control.box.itemData(index) for index in range(control.box.count())]
    assert offered == ["auto", *(["all"] if all_offered else []), "cpu", *(name for name, _ in CARDS[:cards])]
