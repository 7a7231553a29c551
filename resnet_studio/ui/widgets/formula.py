"""Numbers as people type them: "512", "65 536", "64*4", "(32+32)×4"; as rates "0.2", "0,2", "20 %", "1/3". Knows no widget."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, sub

from resnet_studio.language import tr

_MAX_TEXT = 40
_MAX_DIGITS = 12
_CHARACTERS = frozenset("0123456789+-*/()")
_SCIENTIFIC = frozenset("0123456789.eE+-")
RATE_DIGITS = 4


class NotANumberError(ValueError):
    """The text is no such number; str() says why in the user's words."""


def parse(text: str) -> int:
    """The value of a whole number or of a sum, difference, product or exact quotient of some.

    Raises:
        NotANumberError: the text is empty, half typed, or not exact.
    """
    plain = _plain(text.replace(",", ""))
    if plain.isascii() and plain.isdecimal():
        return int(_small(Fraction(int(plain))))
    value = _Formula(tr("Not a whole number"), exact=True).value(plain, _CHARACTERS)
    return int(value)


def parse_number(text: str) -> float:
    """The value of a number of any size ("1e-4", "0,05") or of a formula of some.

    Raises:
        NotANumberError: the text is empty or half typed.
    """
    plain = _plain(text.replace(",", "."))
    try:
        value = float(plain) if set(plain) <= _SCIENTIFIC else None
    except ValueError:
        value = None
    return (
        value
        if value is not None
        else float(_Formula(tr("Not a number"), exact=False).value(plain, _SCIENTIFIC | _CHARACTERS))
    )


def parse_rate(text: str) -> float:
    """The value of a broken number, a percentage or a formula of some, to four decimals; the comma is a point.

    Raises:
        NotANumberError: the text is empty or half typed.
    """
    plain = _plain(text.replace(",", "."))
    share = plain.endswith("%")
    value = _Formula(tr("Not a number"), exact=False).value(plain.removesuffix("%"), _CHARACTERS | {"."})
    return round(float(value / 100 if share else value), RATE_DIGITS)


def _plain(text: str) -> str:
    plain = "".join(text.replace("×", "*").replace("÷", "/").replace("\N{MINUS SIGN}", "-").split())
    if not plain.removesuffix("%"):
        raise NotANumberError(tr("A number is missing"))
    if len(plain) > _MAX_TEXT:
        raise NotANumberError(tr("That is too long"))
    return plain


_EXACT: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul,
}  # fmt: skip


class _Formula:
    """Sums, products and quotients of numbers; `exact` allows whole ones only, in every step."""

    def __init__(self, complaint: str, *, exact: bool) -> None:
        self._complaint, self._exact = complaint, exact

    def value(self, plain: str, characters: frozenset[str]) -> Fraction:
        if not set(plain) <= characters:
            raise NotANumberError(self._complaint)
        try:
            tree = ast.parse(plain, mode="eval")
        except (SyntaxError, ValueError):
            raise NotANumberError(self._complaint) from None
        return self._of(tree.body)

    def _of(self, node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant) and type(node.value) in ((int,) if self._exact else (int, float)):
            return _small(Fraction(repr(node.value)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._of(node.operand)
        if not isinstance(node, ast.BinOp):
            raise NotANumberError(self._complaint)
        left, right = self._of(node.left), self._of(node.right)
        if isinstance(node.op, ast.Div | ast.FloorDiv):
            if right == 0 or (self._exact and left % right):
                raise NotANumberError(tr("{left} does not divide by {right}", left=left, right=right))
            return left / right
        exact = _EXACT.get(type(node.op))
        if exact is None:
            raise NotANumberError(self._complaint)
        return _small(exact(left, right))


def _small(value: Fraction) -> Fraction:
    if abs(value) >= 10**_MAX_DIGITS:
        raise NotANumberError(tr("That is too large"))
    return value
