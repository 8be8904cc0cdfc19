"""Columns as plain text: aligned, nothing cut off, the same on a terminal and in a pipe."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def width(text: str) -> int:
    """Return how many columns of a terminal *text* takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return *head* and *rows* as lines of aligned columns, two blanks between them.

    An empty cell is shown as ``-``, so that each line has as many words as the head.
    """
    lines = [list(head), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else str(value)


def pairs(items: Iterable[tuple[str, object]]) -> str:
    """Return one line for each name and value, the values below one another."""
    shown = [(f"{name}:", _cell(value)) for name, value in items]
    size = max((len(name) for name, _ in shown), default=0)
    return "\n".join(f"{name:<{size}}  {value}" for name, value in shown)
