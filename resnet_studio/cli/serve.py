"""The command `serve`: the engine process, which the window starts. Knows no requests."""

from __future__ import annotations

from resnet_studio.cli.parser import Parser


def run_serve(words: list[str]) -> int:
    """Answer JSON lines on stdin until it ends."""
    Parser("serve", "Answer the window's requests: JSON lines on stdin and stdout, until stdin ends.").read(
        words
    )
    from resnet_studio.engine.serving.serve import main

    return int(main())
