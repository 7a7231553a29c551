"""All graphics cards of this machine by one plain command, whoever gave it; torchrun itself is tested with the engine."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.cli.entry import main
from resnet_studio.design.presets import preset
from resnet_studio.engine.training import together
from resnet_studio.runs.events import Event, Finished, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import default_spec
from tests.runs.said import say

DONE = Finished(step=8, best_accuracy=0.9, best_epoch=1, seconds=1.0)


@pytest.mark.parametrize(
    "case",
    [
        (["train"], ["resume", "RUN", "--on-full-disk=ask"], False),
        (["resume", "--json", "--on-full-disk", "wait"], ["resume", "RUN", "--on-full-disk=wait", "--json"], False),
        (["train", "--events"], ["train", "RUN", "--events"], True),
        (["train", "--alone", "--on-full-disk", "wait"], ["train", "RUN", "--alone", "--on-full-disk=wait"], False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", [(DONE, 0), (Stopped(step=3, reason="asked"), 130)])
def test_each_command_becomes_one_process_a_card(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[list[str], list[str], bool],
    end: tuple[Event, int],
) -> None:
    (words, given, watched), (last, code) = case, end
    run = RunFolder.create(preset("digits_starter"), replace(default_spec("digits"), device="all"), tmp_path)
    called: list[tuple[list[str], bool]] = []

    def train(_run: RunFolder, line: Sequence[str], *, watched: bool) -> int:
        called.append((list(line), watched))
        say(run, last)
        return 0

    monkeypatch.setattr(together, "wants_together", lambda _run: True)
    monkeypatch.setattr(together, "train_together", train)
    command, *rest = words
    ended = main([command, str(run.path), *rest])
    assert called == [([word.replace("RUN", str(run.path)) for word in given], watched)]
    # Who listens to events or to nobody hears of a stop in them; a terminal by the code.
    assert ended == (code if "--events" not in words and "--alone" not in words else 0)
