"""Paints one card with its shortcut, at four levels of detail. Knows values only: no scene, no document."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from resnet_studio.language import tr
from resnet_studio.ui.canvas.card_flow import paint_flow, paint_sheets, paint_shortcut
from resnet_studio.ui.canvas.ink import Ink, grip_marks
from resnet_studio.ui.canvas.inside import paint_inside
from resnet_studio.ui.canvas.look import FULL, MIDDLE, NEAR, Look, shows_inside
from resnet_studio.ui.canvas.shapes import STYLE, Card, Role
from resnet_studio.ui.face import CENTER, RIGHT, Face

_SMALL_TITLE = 0.6
_LEFT = STYLE.stripe + STYLE.inner


def paint_card(painter: QPainter, ink: Ink, look: Look, zoom: float, *, numbered: bool = True) -> None:
    """Paint a card at its own origin; `numbered` is False where its number in a run is painted by itself."""
    if look.dragged:
        painter.setOpacity(0.4)
    if zoom < MIDDLE:
        _silhouette(painter, ink, look)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.card.role in (Role.EMPTY, Role.NO_HEAD):
        _inviting(painter, ink, look)
        return
    paint_flow(painter, ink, look, zoom)
    paint_sheets(painter, ink, look)
    _body(painter, ink, look)
    if zoom < FULL:
        _middle(painter, ink, look)
    elif zoom >= NEAR and shows_inside(look):
        _inside(painter, ink, look, zoom, numbered=numbered)
    else:
        _full(painter, ink, look, numbered)


def _box(look: Look) -> QRectF:
    return QRectF(0, 0, look.card.rect.w, look.card.rect.h)


def _heat_part(look: Look) -> float:
    return 0.22 + 0.78 * look.share.length


def plain_silhouette(ink: Ink, look: Look) -> tuple[QRectF, QColor] | None:
    """What a card is from far away when nothing is marked on it; None where there is more to it."""
    if look.dragged or look.chosen or look.card.problem is not None:
        return None
    return _box(look), ink.mix(ink.theme.lane, ink.kinds[look.kind], _heat_part(look))


def _silhouette(painter: QPainter, ink: Ink, look: Look) -> None:
    """From far away: a block of colour, deeper where it costs more."""
    theme = ink.theme
    box = _box(look)
    painter.fillRect(box, ink.mix(theme.lane, ink.kinds[look.kind], _heat_part(look)))
    if look.card.problem is not None:
        painter.fillRect(box.adjusted(box.width() * 0.55, 0, 0, 0), ink.brush(theme.warn))
    if look.chosen:
        painter.setPen(ink.pen(theme.accent, 10))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(3, 3, -3, -3))


# --- the card itself --------------------------------------------------------------------------------------------------


def _body(painter: QPainter, ink: Ink, look: Look) -> None:
    theme, box = ink.theme, _box(look)
    ground = theme.warn_soft if look.card.problem is not None else theme.card
    border = theme.warn if look.card.problem is not None else theme.line
    if look.hover and look.card.problem is None:
        border = theme.line_strong
    painter.setPen(ink.pen(border))
    painter.setBrush(ink.brush(ground))
    painter.drawRoundedRect(box, 6, 6)
    painter.fillPath(ink.stripe(box.height()), ink.brush(ink.kinds[look.kind]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.hover and look.card.grip:
        grip_marks(painter, ink, box)
    if look.chosen:
        painter.setPen(ink.pen(theme.accent, 2.4, dashed=look.chosen == 1))
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 7, 7)
    if look.cursor:
        painter.setPen(ink.pen(theme.accent, 1, dashed=not look.chosen))
        painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), 9, 9)


def _middle(painter: QPainter, ink: Ink, look: Look) -> None:
    """Half way out: channels and count in letters that are still readable, and the bar."""
    if look.facts is None:
        return
    box = _box(look).adjusted(_LEFT, 6, -STYLE.inner, -22)
    count = f" ×{look.card.count}" if look.card.count > 1 else ""
    text = f"{look.facts.channels.split('→')[-1]}{count}"
    if look.card.role is not Role.BLOCK:
        text = look.facts.title.split(" ")[0]
    ink.text(painter, box, text, face=ink.large, token=ink.theme.text)
    _bar(painter, ink, look, QRectF(_LEFT, look.card.rect.h - 18, box.width(), 8))


def _bar(painter: QPainter, ink: Ink, look: Look, box: QRectF) -> None:
    round_by = box.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.brush(ink.theme.line))
    painter.drawRoundedRect(box, round_by, round_by)
    if look.share.length > 0:
        wide = max(box.height(), box.width() * look.share.length)
        painter.setBrush(ink.brush(ink.kinds[look.kind]))
        painter.drawRoundedRect(QRectF(box.x(), box.y(), wide, box.height()), round_by, round_by)


def _full(painter: QPainter, ink: Ink, look: Look, numbered: bool) -> None:
    facts, card = look.facts, look.card
    if facts is None:
        return
    sizes = ink.base
    box = _title_box(ink, look)
    wide = box.width()
    y = _title(painter, ink, look, box, numbered) + 1
    _pair(painter, ink, QRectF(_LEFT, y, wide, sizes.row), facts.channels, facts.place)
    y += sizes.row
    if card.tags:
        box = QRectF(_LEFT, y, wide, sizes.small)
        # The kinds' colours are too near to a problem's ground to be read on it.
        token = ink.theme.text_soft if card.problem is not None else ink.kinds[look.kind]
        ink.text(painter, box, card.tags, face=ink.small, token=token)
        y += sizes.small + 1
    for line in card.marks:
        ink.text(
            painter, QRectF(_LEFT, y, wide, sizes.small), line, face=ink.small, token=ink.theme.text_soft
        )
        y += sizes.small
    y += 3
    for caption, value in ((tr("Params"), facts.params), (look.work_label, facts.work)):
        _figure(painter, ink, QRectF(_LEFT, y, wide, sizes.small), caption, value)
        y += sizes.small
    y += 2
    _share(painter, ink, look, QRectF(_LEFT, y, wide, sizes.small))
    y += sizes.small + 2
    if card.problem is not None:
        _problem(painter, ink, card, QRectF(_LEFT, y, wide, sizes.small))


def _inside(painter: QPainter, ink: Ink, look: Look, zoom: float, *, numbered: bool) -> None:
    unit, box = look.card.unit, _title_box(ink, look)
    if unit is None:
        return
    # The title is as large as the layers' words: it is known from further out.
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(_SMALL_TITLE, _SMALL_TITLE)
    _title(painter, ink, look, QRectF(0, 0, box.width() / _SMALL_TITLE, box.height()), numbered)
    painter.restore()
    # The way stands where it arrives and leaves: in the middle of the whole card.
    top, wide = box.top() + box.height() * _SMALL_TITLE, look.card.rect.w - 2 * STYLE.stripe
    room = QRectF(STYLE.stripe, top, wide, look.card.rect.h - top)
    fork = paint_inside(painter, ink, unit.part, box=room, token=ink.kinds[look.kind])
    if fork is not None and look.card.arc:
        paint_shortcut(painter, ink, look, zoom=zoom, fork=fork)


def _title_box(ink: Ink, look: Look) -> QRectF:
    return QRectF(_LEFT, STYLE.inner - 2, look.card.rect.w - _LEFT - STYLE.inner, ink.base.title)


def number_of(look: Look) -> str:
    """A card's number in its unfolded run; the first one has the count that folds it."""
    card = look.card
    return f"{card.index + 1}/{card.run}" if card.run > 1 and card.badge is None else ""


def paint_number(painter: QPainter, ink: Ink, look: Look) -> None:
    """Only a card's number in its run, at the card's origin."""
    text = number_of(look)
    if text and look.facts is not None:
        token = ink.theme.text_faint
        ink.text(painter, _title_box(ink, look), text, face=ink.small, token=token, align=RIGHT)


def _title(painter: QPainter, ink: Ink, look: Look, box: QRectF, numbered: bool) -> float:
    """The title, and to its right what there is to say of a run, or the stride."""
    if look.facts is None:
        return box.bottom()
    text, face, token = _beside_title(ink, look)
    taken = 0.0
    if text:
        taken = face.width(text) + 6
        if numbered or not number_of(look):
            ink.text(painter, box, text, face=face, token=token, align=RIGHT)
    box = box.adjusted(0, 0, -taken, 0)
    ink.text(painter, box, look.facts.title, face=ink.title, token=ink.theme.text)
    return box.bottom()


def _beside_title(ink: Ink, look: Look) -> tuple[str, Face, str]:
    """(text, face, token) of the count that folds and unfolds, the number in an unfolded run, or the stride."""
    card, theme = look.card, ink.theme
    if card.badge is not None:
        token = theme.text if card.problem is not None else theme.accent
        if card.count == 1:
            return f"▴ {card.run}", ink.title, token
        some = f"{look.chosen_count}/" if look.chosen == 1 else "×"
        return f"{some}{card.count}", ink.title, token
    if card.run > 1:
        return number_of(look), ink.small, theme.text_faint
    return look.facts.stride if look.facts is not None else "", ink.body, theme.text_soft


def _pair(painter: QPainter, ink: Ink, box: QRectF, left: str, right: str) -> None:
    taken = ink.body.width(right) + 6 if right else 0
    ink.text(painter, box, right, face=ink.body, token=ink.theme.text_soft, align=RIGHT)
    ink.text(painter, box.adjusted(0, 0, -taken, 0), left, face=ink.body, token=ink.theme.text_soft)


def _figure(painter: QPainter, ink: Ink, box: QRectF, caption: str, value: str) -> None:
    taken = ink.small.width(value) + 6
    ink.text(painter, box, value, face=ink.small, token=ink.theme.text, align=RIGHT)
    ink.text(painter, box.adjusted(0, 0, -taken, 0), caption, face=ink.small, token=ink.theme.text_faint)


def _share(painter: QPainter, ink: Ink, look: Look, box: QRectF) -> None:
    # The widest words are reserved for, so that all bars of a lane have one length.
    room = ink.tiny.width("99.9 %") + 4
    ink.text(painter, box, look.share.words, face=ink.tiny, token=ink.theme.text_faint, align=RIGHT)
    _bar(painter, ink, look, QRectF(box.x(), box.center().y() - 2, box.width() - room - 2, 4))


def _problem(painter: QPainter, ink: Ink, card: Card, box: QRectF) -> None:
    for line in card.message:
        ink.text(painter, box, line, face=ink.small, token=ink.theme.warn)
        box.translate(0, box.height())
    _button(painter, ink, card)


def _button(painter: QPainter, ink: Ink, card: Card) -> None:
    if card.button is None or card.problem is None or card.problem.repair is None:
        return
    box = QRectF(card.button.x, card.button.y, card.button.w, card.button.h)
    painter.setPen(ink.pen(ink.theme.warn, 1.2))
    painter.setBrush(ink.brush(ink.theme.card))
    painter.drawRoundedRect(box, 5, 5)
    ink.text(
        painter,
        box.adjusted(6, 0, -6, 0),
        card.problem.repair.label,
        face=ink.small_bold,
        token=ink.theme.warn,
        align=CENTER,
    )


def _inviting(painter: QPainter, ink: Ink, look: Look) -> None:
    """A dashed place that asks for something: a block, a stage, the head."""
    card, theme, box = look.card, ink.theme, _box(look)
    painter.setPen(
        ink.pen(theme.accent if look.chosen or look.hover else theme.line_strong, 1.2, dashed=True)
    )
    painter.setBrush(ink.brush(theme.accent_soft, 0.5 if look.hover else 0.0))
    painter.drawRoundedRect(box, 6, 6)
    texts = _invitation(card)
    room = box.adjusted(8, STYLE.inner, -8, 0)
    room.setHeight(ink.base.title)
    ink.text(painter, room, texts[0], face=ink.title, token=theme.text_soft, align=CENTER)
    room.translate(0, room.height())
    ink.text(painter, room, texts[1], face=ink.small, token=theme.text_faint, align=CENTER)
    _button(painter, ink, card)
    if look.cursor:
        painter.setPen(ink.pen(theme.accent, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), 9, 9)


def _invitation(card: Card) -> tuple[str, str]:
    if card.role is Role.NO_HEAD:
        return tr("No head"), tr("no class scores")
    return tr("Drop a block"), tr("here") if card.ids else tr("or a new stage")
