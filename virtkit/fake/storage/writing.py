"""Documents as libvirt prints them, line by line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from virtkit.fake.state.printing import quote

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lines:
    """The lines of a document, indented. Attributes and texts that are None are left out."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._indent = ""

    def _add(self, text: str) -> None:
        self._lines.append(self._indent + text)

    def leaf(self, tag: str, text: Any, **attributes: Any) -> None:
        """Add an element that holds *text*, unless that is None."""
        if text is not None:
            self._add(f"<{tag}{_attributes(attributes)}>{quote(str(text))}</{tag}>")

    def empty(self, tag: str, **attributes: Any) -> None:
        """Add an element without content."""
        self._add(f"<{tag}{_attributes(attributes)}/>")

    @contextmanager
    def inside(self, tag: str, **attributes: Any) -> Iterator[None]:
        """Add an element that holds what is added in the block."""
        self._add(f"<{tag}{_attributes(attributes)}>")
        indent, self._indent = self._indent, f"{self._indent}  "
        yield
        self._indent = indent
        self._add(f"</{tag}>")

    def text(self) -> str:
        """Return the document."""
        return "\n".join(self._lines) + "\n"


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {name.replace('__', ':')}='{quote(str(value))}'"
        for name, value in attributes.items()
        if value is not None
    )
