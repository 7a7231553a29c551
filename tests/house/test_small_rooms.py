"""The habits that no linter knows: small files, a first sentence in each, no long functions."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("resnet_studio", "tools")
    for path in (ROOT / folder).rglob("*.py")
    if path.stat().st_size
)
MOST_LINES = 350
MOST_LINES_OF_A_FUNCTION = 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_small_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES, "split it"
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module starts with one sentence: what it is for, what it must not know"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MOST_LINES_OF_A_FUNCTION, f"{node.name} has {length} lines"
