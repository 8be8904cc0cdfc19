"""Nothing grows beyond what fits into a reader's head."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("virtkit", "tests", "examples", "benchmarks")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
HAND_WRITTEN = [path for path in FILES if not path.name.endswith(".gen.py")]
FILE_LINES = 500
FUNCTION_LINES = 50


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name_of)
def test_no_file_is_too_long(path: Path) -> None:
    """500 lines at most."""
    lines = len(path.read_text().splitlines())
    assert lines <= FILE_LINES, f"{name_of(path)} has {lines} lines"


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name_of)
def test_no_function_is_too_long(path: Path) -> None:
    """50 lines at most, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            lines -= (first.end_lineno or first.lineno) - first.lineno + 1
        assert lines <= FUNCTION_LINES, f"{name_of(path)}:{node.lineno} {node.name} has {lines} lines"
