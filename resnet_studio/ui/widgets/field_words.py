"""What all fields say alike: that a selection disagrees, why what was typed is not taken, where a limit is. Knows no field."""

from __future__ import annotations

from resnet_studio.language import spoken, tr

MIXED = tr("mixed")


def refusal(typed: str, fault: str, held: str | None) -> str:
    """Why what was typed is not taken, and what holds instead; None where several values do."""
    stays = tr("They stay as they are.") if held is None else tr("It stays {value}.", value=held)
    if not typed:
        return f"{fault}. {stays}"
    return tr("“{typed}” is not taken: {why}. {stays}", typed=typed, why=_within(fault), stays=stays)


def limit_words(limit: str, *, up: bool) -> str:
    """That a field goes no further."""
    return tr("{limit} is the most.", limit=limit) if up else tr("{limit} is the least.", limit=limit)


def _within(fault: str) -> str:
    """A complaint inside a sentence; other languages write some of their words with a capital everywhere."""
    return fault if spoken() else f"{fault[0].lower()}{fault[1:]}"
