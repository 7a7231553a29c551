"""All values of runs as CSV, for other programs. Pure functions of their Histories; knows no file and no widget."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from resnet_studio.ui.curves.history import History


def csv_of(history: History) -> str:
    """All values as CSV: a row per Step event, and a row per epoch with the validation's values. Accuracy from 0 to 1.

    Graphics cards have columns where there are some.
    """
    return (
        _heads(history.tells_cards)
        + "\n"
        + "".join(f"{row}\n" for row in _rows(history, history.tells_cards))
    )


def csv_of_runs(named: Sequence[tuple[str, History]]) -> str:
    """The same of several runs, whose names stand in a column before the others."""
    cards = any(history.tells_cards for _, history in named)
    lines = [f"run,{_heads(cards)}"]
    for name, history in named:
        quoted = '"' + name.replace('"', '""') + '"'
        lines += [f"{quoted},{row}" for row in _rows(history, cards)]
    return "\n".join(lines) + "\n"


def _heads(cards: bool) -> str:
    heads = (
        "step,epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_top5,learning_rate,images_per_second"
    )
    return heads + (",gpu_percent,gpu_memory_bytes" if cards else "")


def _rows(history: History, cards: bool) -> list[str]:
    columns = (
        history.steps, history.at, history.loss, history.accuracy, history.rates, history.speeds, history.cards, history.memories,
    )  # fmt: skip
    rows = [
        (
            step,
            0,
            f"{step},{at:.6g},{loss:.9g},{accuracy / 100:.9g},,,,{rate:.9g},{speed:.6g}"
            + (f",{_known(busy, '.4g')},{_known(used, '.0f')}" if cards else ""),
        )
        for step, at, loss, accuracy, rate, speed, busy, used in zip(*columns, strict=True)
    ]
    rows += [
        (
            e.step,
            1,
            f"{e.step},{e.epoch},,,{e.val_loss:.9g},{e.val_accuracy:.9g},{_told(e.val_top5)},,"
            + (",," if cards else ""),
        )
        for e in history.epochs
    ]
    return [line for _, _, line in sorted(rows)]


def _known(value: float, form: str) -> str:
    return format(value, form) if isfinite(value) else ""


def _told(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"
