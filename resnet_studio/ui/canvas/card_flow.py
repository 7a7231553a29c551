"""Paints what goes through and around a card: the main path, the shortcut to its plus, the sheets of a folded run."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from resnet_studio.ui.canvas.ink import Ink, plus_sign
from resnet_studio.ui.canvas.inside import after_words
from resnet_studio.ui.canvas.look import FULL, NEAR, Look, shows_inside
from resnet_studio.ui.canvas.shapes import STYLE, Role
from resnet_studio.ui.face import CENTER, RIGHT

FORK = 8.0


def paint_flow(painter: QPainter, ink: Ink, look: Look, zoom: float) -> None:
    """The main path through the card, and the shortcut around it to the plus."""
    theme, card = ink.theme, look.card
    x, high = card.rect.w / 2, card.rect.h
    painter.setPen(ink.pen(theme.line_strong, 1.2))
    above = FORK + 2 if card.first else STYLE.above
    painter.drawLine(QPointF(x, -above), QPointF(x, 0))
    if card.role is not Role.BLOCK:
        if card.role is Role.STEM or card.layer is None or card.layer.name != "fc":
            painter.drawLine(QPointF(x, high), QPointF(x, high + (4 if card.role is Role.STEM else 20)))
        return
    if not card.arc:
        painter.drawLine(QPointF(x, high), QPointF(x, high + 6))
        return
    painter.drawLine(QPointF(x, high), _plus(look))
    inside = zoom >= NEAR and shows_inside(look)
    if not (inside and card.unit is not None and card.unit.part.shortcut_from_pre):
        paint_shortcut(painter, ink, look, zoom=zoom)
    if inside and card.unit is not None:
        _after(painter, ink, after_words(card.unit.part), _plus(look))


def _plus(look: Look) -> QPointF:
    return QPointF(look.card.rect.w / 2, look.card.rect.h + 6 + STYLE.plus)


def _after(painter: QPainter, ink: Ink, words: str, plus: QPointF) -> None:
    """From near by: what follows the addition, to the left of the plus."""
    painter.save()
    painter.translate(plus.x() - STYLE.plus - 4, plus.y())
    painter.scale(0.5, 0.5)
    ink.text(
        painter, QRectF(-100, -9, 100, 18), words, face=ink.small, token=ink.theme.text_soft, align=RIGHT
    )
    painter.restore()


def _flow_token(ink: Ink, look: Look) -> str:
    problem = look.card.problem
    wrong = problem is not None and problem.code == "shortcut"
    return ink.theme.warn if wrong else ink.kinds[look.kind]


def paint_shortcut(painter: QPainter, ink: Ink, look: Look, *, zoom: float, fork: float = -FORK) -> None:
    """From the fork, so far below the card's upper edge, around the card to the plus."""
    token, plus = _flow_token(ink, look), _plus(look)
    pill = look.facts.pill if look.facts is not None else ""
    right = look.card.rect.w + STYLE.arc - 5
    painter.fillPath(ink.arc((plus.x(), right, plus.y(), -fork), dashed=pill == "id"), ink.brush(token))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.brush(token))
    painter.drawEllipse(QPointF(plus.x(), fork), 2.2, 2.2)
    if zoom >= FULL and pill:
        _pill(painter, ink, pill, at=QPointF((plus.x() + STYLE.plus + right) / 2, plus.y()), token=token)
    plus_sign(painter, ink, at=plus, token=token, radius=STYLE.plus)


def _pill(painter: QPainter, ink: Ink, text: str, *, at: QPointF, token: str) -> None:
    wide, high = ink.tiny.width(text) + 12, ink.tiny.metrics.height() + 3
    box = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
    painter.setPen(ink.pen(ink.theme.line_strong))
    painter.setBrush(ink.brush(ink.theme.card))
    painter.drawRoundedRect(box, high / 2, high / 2)
    ink.text(painter, box, text, face=ink.tiny, token=token, align=CENTER)


def paint_sheets(painter: QPainter, ink: Ink, look: Look) -> None:
    """The edges of further cards under a folded one."""
    for depth in range(min(2, look.card.count - 1), 0, -1):
        shift = STYLE.sheet * depth
        painter.setPen(ink.pen(ink.theme.line_strong))
        painter.setBrush(ink.brush(ink.theme.card))
        painter.drawRoundedRect(QRectF(shift, shift, look.card.rect.w, look.card.rect.h), 6, 6)
