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
    if list(_attributes(classes[network])) != list(_children(plan)):
        raise ForeignCodeError(f"{network} has other layers than the plan")


def _children(plan: Plan) -> Iterator[str]:
    """The names of the network's own children: of the stem's and the head's modules, and of the stages."""
    stem, head = plan.units[0].part, plan.units[-1].part
    yield from dict.fromkeys(row.name.partition(".")[0] for row in stem.body)
    yield from (f"layer{number}" for number in range(1, len(plan.design.stages) + 1))
    yield from (row.name for row in head.body)


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
    read: list[ast.Name] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            known.add(node.name)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
        elif isinstance(node, ast.Name):
            read.append(node)
    for name in read:
        if name.id not in known:
            raise ForeignCodeError(f"line {name.lineno} names {name.id}")


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    """What the constructor assigns to `self`, in order."""
    made = next(part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__")
    for line in made.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Attribute):
            yield line.targets[0].attr
