"""The state of the test driver: in memory, but for what it saves, which are files of its own format."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import rules
from virtkit.fake.errors import fail, fail_system
from virtkit.fake.fill import defined_document
from virtkit.fake.state.records import SavedImage
from virtkit.fake.store.memory import MemoryStore

if TYPE_CHECKING:
    from typing import NoReturn

MAGIC = b"TestGuestMagic\0"
_LENGTH = struct.Struct("@i")
_LONGEST = 8192
_OWNER_ONLY = 0o600


class TestStore(MemoryStore):
    """Saved domains are a magic word, a length and the document."""

    __test__ = False  # no test, whatever its name

    def image(self, path: str) -> SavedImage | None:
        """Read the file *path*."""
        try:
            data = Path(path).read_bytes()
        except IsADirectoryError as error:
            fail_system(error, c.VIR_FROM_TEST, f"incomplete save header in '{path}'")
        except OSError as error:
            fail_system(error, c.VIR_FROM_TEST, f"cannot read domain image '{path}'")
        if len(data) < len(MAGIC):
            _cut_short(f"incomplete save header in '{path}'")
        if not data.startswith(MAGIC):
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_TEST, "mismatched header magic")
        start = len(MAGIC) + _LENGTH.size
        if len(data) < start:
            _cut_short(f"failed to read metadata length in '{path}'")
        (length,) = _LENGTH.unpack(data[len(MAGIC) : start])
        if not 1 <= length <= _LONGEST:
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_TEST, "length of metadata out of range")
        text = data[start : start + length]
        if len(text) < length:
            _cut_short(f"incomplete metadata in '{path}'")
        return SavedImage(defined_document(rules.TEST, text.decode()), running=True)

    def put_image(self, path: str, image: SavedImage) -> None:
        """Write the file *path*."""
        text = image.document.text().encode()
        problem = f"saving domain '{image.document.facts().name}' to '{path}': open failed"
        create(path, MAGIC + _LENGTH.pack(len(text)) + text, problem)


def _cut_short(detail: str) -> NoReturn:
    fail_system(OSError(0, os.strerror(0)), c.VIR_FROM_TEST, detail)


def create(path: str, data: bytes, problem: str) -> None:
    """Write *data* to a new file *path*; *problem* is what to say when that fails."""
    try:
        with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _OWNER_ONLY), "wb") as file:  # noqa: PTH123
            file.write(data)
    except OSError as error:
        fail_system(error, c.VIR_FROM_TEST, problem)
