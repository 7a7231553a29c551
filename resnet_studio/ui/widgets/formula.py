"""Whole numbers as people type them: "512", "65 536", "64*4", "(32+32)×4". Knows no widget."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import add, mul, sub

_MAX_TEXT = 40
_MAX_DIGITS = 12
_CHARACTERS = frozenset("0123456789+-*/()")


class NotANumberError(ValueError):
    """The text is no whole number; str() says why in the user's words."""


def parse(text: str) -> int:
    """The value of a whole number or of a sum, difference, product or exact quotient of some.

    Raises:
        NotANumberError: the text is empty, half typed, or not exact.
    """
    plain = "".join(
        text.replace("×", "*").replace("÷", "/").replace(",", "").replace("\N{MINUS SIGN}", "-").split()
    )
    if not plain:
        raise NotANumberError("A number is missing")
    if len(plain) > _MAX_TEXT:
        raise NotANumberError("That is too long")
    if plain.isascii() and plain.isdecimal():
        return _small(int(plain))
    if not set(plain) <= _CHARACTERS:
        raise NotANumberError("Not a whole number")
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError):
        raise NotANumberError("Not a whole number") from None
    return _value(tree.body)


_EXACT: dict[type[ast.operator], Callable[[int, int], int]] = {ast.Add: add, ast.Sub: sub, ast.Mult: mul}


def _value(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return _small(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if not isinstance(node, ast.BinOp):
        raise NotANumberError("Not a whole number")
    left, right = _value(node.left), _value(node.right)
    if isinstance(node.op, ast.Div | ast.FloorDiv):
        if right == 0 or left % right:
            raise NotANumberError(f"{left} does not divide by {right}")
        return left // right
    exact = _EXACT.get(type(node.op))
    if exact is None:
        raise NotANumberError("Not a whole number")
    return _small(exact(left, right))


def _small(value: int) -> int:
    if abs(value) >= 10**_MAX_DIGITS:
        raise NotANumberError("That is too large")
    return value
