"""UUIDs as libvirt reads them: hyphens anywhere between two bytes, blanks around."""

from __future__ import annotations

import re
import uuid

_FORM = re.compile(r"[ \t\n\v\f\r]*((?:-*[0-9a-fA-F]{2}){16})[ \t\n\v\f\r]*\Z")


def parse(text: str) -> str | None:
    """Return *text*'s UUID in the usual form, None if it is none."""
    found = _FORM.match(text)
    return None if found is None else from_bytes(bytes.fromhex(found[1].replace("-", "")))


def from_bytes(raw: bytes) -> str:
    """Return the text of 16 bytes."""
    return str(uuid.UUID(bytes=raw))
