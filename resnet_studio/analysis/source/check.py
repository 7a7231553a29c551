"""Reads generated Python again as a tree: only torch is imported, every name is known, and the layers are the Plan's.

What people write must never become code; this is the second lock behind `names`. A failure is a bug of this package.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from resnet_studio.analysis.plan import Plan

_IMPORTS = {"import torch", "from torch import Tensor, nn", "from torch.nn import functional as F"}
_TOP = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class ForeignCodeError(Exception):
    """The generated file says something that no Plan asks for."""


def check(text: str, plan: Plan, network: str) -> None:
    """Check a whole file.

    Raises:
        ForeignCodeError: it is not what was meant.
    """
    tree = ast.parse(text)
    _check_statements(tree)
    _check_names(tree)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    if network not in classes:
        raise ForeignCodeError(f"no class {network}")
    wanted = list(dict.fromkeys(name.partition(".")[0] for name, layer, _ in plan.layers()))
    if list(_attributes(classes[network])) != wanted:
        raise ForeignCodeError(f"{network} has other layers than the plan")


def _check_statements(tree: ast.Module) -> None:
    """A docstring, imports of torch, NAME, functions and classes, and the main program."""
    for index, node in enumerate(tree.body):
        is_docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_main = isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        if isinstance(node, ast.Import | ast.ImportFrom) and ast.unparse(node) not in _IMPORTS:
            raise ForeignCodeError(f"imports {ast.unparse(node)}")
        if not (is_docstring or is_main or _is_name(node) or isinstance(node, _TOP)):
            raise ForeignCodeError(f"line {node.lineno} is no definition")


def _is_name(node: ast.stmt) -> bool:
    """NAME = 'text'."""
    return (
        isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "NAME"
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _check_names(tree: ast.Module) -> None:
    """Every name that is read was defined in the file, or is Python's own."""
    known = {"torch", "Tensor", "nn", "F", "__name__", *dir(builtins)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            known.add(node.name)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known:
            raise ForeignCodeError(f"line {node.lineno} names {node.id}")


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    """What the constructor assigns to `self`, in order."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Attribute):
            yield part.targets[0].attr
