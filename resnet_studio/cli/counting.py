"""The flags that say what counts as work, for every command that prints it. Counts nothing itself."""

from __future__ import annotations

import argparse

from resnet_studio.analysis.conventions import ITEMS, Convention, convention
from resnet_studio.cli.parser import Parser, UsageError


def add_counting(parser: Parser) -> None:
    """--count and --flops."""
    parser.flag(
        "--count",
        metavar="LIST",
        default="conv",
        help=f"what counts as work: conv (convolutions and classifier, the default), {', '.join(ITEMS)}, all, or ptflops",
    )
    parser.flag("--flops", action="store_true", help="count FLOPs, two a multiply-add")


def convention_of(values: argparse.Namespace) -> Convention:
    """The convention that the flags choose.

    Raises:
        UsageError: there is no such.
    """
    found = convention(values.count, flops=values.flops)
    if found is None:
        raise UsageError(
            f"--count cannot be {values.count[:60]!r}.",
            f"Take conv, all, ptflops, or some of {', '.join(ITEMS)}.",
        )
    return found
