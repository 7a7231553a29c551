"""The tour card's colours and edges, as a style sheet. Knows a theme, and no widget."""

from __future__ import annotations

from resnet_studio.ui.style import derived
from resnet_studio.ui.theme import Theme


def card_sheet(theme: Theme) -> str:
    """The card, its words, and its demand: in the accent until it is met."""
    ink = derived(theme)["accent_ink"]
    return f"""
    #tourCard {{ background: {theme.card}; border: 1px solid {theme.accent}; border-radius: 10px; }}
    #tourCard QLabel {{ background: transparent; color: {theme.text}; }}
    #tourCard QLabel[role="soft"] {{ color: {theme.text_soft}; }}
    #tourFormula, #tourTable {{ background: {theme.field}; border: 1px solid {theme.line}; border-radius: 6px; }}
    #tourFormula {{ padding: 6px 10px; }}
    #tourCard #tourAsk {{ color: {ink}; font-weight: 600; background: {theme.accent_soft};
      border-radius: 6px; padding: 7px 10px; }}
    #tourCard #tourAsk[done="true"] {{ color: {theme.good}; background: {theme.field}; }}
    """
