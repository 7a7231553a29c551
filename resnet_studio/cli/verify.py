"""The command `verify`: published figures beside what is counted here and by torchinfo. Counts nothing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from resnet_studio.analysis.figures import WHAT, Figure, Told, Verdict, figures, networks, verdict
from resnet_studio.analysis.why import DEFINITIONS, INTRODUCTION, why
from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.design.presets import preset
from resnet_studio.runs.exit_code import ExitCode


def run_verify(words: list[str]) -> int:
    """Print printed, counted and torchinfo's figures; 1 where one of them is another."""
    parser = Parser(
        "verify",
        "Published figures of the named networks beside what is counted here and what torchinfo counts. "
        "Exit code 1 where one disagrees.",
    )
    parser.add_argument(
        "networks", metavar="NAME", nargs="*", help="only these (`resnet-studio presets` lists them)"
    )
    parser.flag(
        "--why",
        action="store_true",
        help="say why 3.8, 3.86, 4.09 and 4.12 are all the multiply-adds of ResNet-50",
    )
    parser.flag("--json", action="store_true", help="print JSON")
    parser.flag(
        "--no-confirm",
        action="store_true",
        help="do not ask torchinfo (saves the seconds torch takes to load)",
    )
    values = parser.read(words)
    if values.why:
        print("\n".join(_why()))
        return ExitCode.DONE
    chosen = _chosen(values.networks)
    verdicts = list(_verdicts(chosen, confirm=not values.no_confirm))
    if values.json:
        print(json.dumps([verdict_json(one) for one in verdicts], indent=1, ensure_ascii=False))
    else:
        print("\n".join([*_table(verdicts), "", *_summary(verdicts)]))
    return ExitCode.DONE if all(one.agrees for one in verdicts) else ExitCode.PROBLEMS


def _chosen(names: list[str]) -> tuple[Figure, ...]:
    known = networks()
    for name in names:
        if name not in known:
            preset(name)  # an unknown name is refused with near ones
            raise UsageError(f"No figure of {name} is known.", "`resnet-studio verify` shows all that are.")
    return tuple(figure for figure in figures() if not names or figure.network in names)


def _verdicts(chosen: tuple[Figure, ...], *, confirm: bool) -> Iterator[Verdict]:
    told: dict[str, Told] = {}
    for figure in chosen:
        if confirm and figure.network not in told:
            from resnet_studio.engine.count import count

            told[figure.network] = count(preset(figure.network))
        yield verdict(figure, told.get(figure.network))


def verdict_json(one: Verdict) -> dict[str, Any]:
    """A verdict as JSON."""
    return {
        "network": one.figure.network,
        "what": one.figure.what,
        "printed": one.figure.printed,
        "source": one.figure.source,
        "counted": one.counted,
        "torchinfo": one.torchinfo,
        "agrees": one.agrees,
    }


def _why() -> Iterator[str]:
    rows = [(one.printed, f"{one.counted:,}", one.network, one.words) for one in why()]
    width = max(len(row[1]) for row in rows)
    yield from wrap(INTRODUCTION, 100)
    yield ""
    yield from (f"{a:>7}  {b:>{width}}  ResNet-50 {c:4}  {d}" for a, b, c, d in rows)
    yield ""
    yield from wrap(DEFINITIONS, 100)


def _table(verdicts: list[Verdict]) -> list[str]:
    rows = [
        (
            one.figure.network,
            one.figure.what,
            one.figure.source,
            one.figure.printed,
            f"{one.counted:,}",
            "-" if one.torchinfo is None else f"{one.torchinfo:,}",
            "yes" if one.agrees else "NO",
        )
        for one in verdicts
    ]
    return text.table(
        ("network", "figure", "source", "printed", "counted", "torchinfo", "agrees"), rows, left=3
    )


def _summary(verdicts: list[Verdict]) -> list[str]:
    wrong = [one for one in verdicts if not one.agrees]
    whats = {one.figure.what for one in verdicts}
    said = (
        f"{len(wrong)} of {len(verdicts)} figures disagree."
        if wrong
        else f"All {len(verdicts)} figures agree."
    )
    return [said, *(f"{name}: {words}" for name, words in WHAT.items() if name in whats)]
