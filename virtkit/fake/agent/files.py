"""Files of a guest: its disk holds them in base64, by path; open ones are numbered."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from virtkit.fake.agent.execution import decoded
from virtkit.fake.agent.protocol import AgentError, command

if TYPE_CHECKING:
    from virtkit.fake.agent.protocol import Inside

_FIRST = 1000
_READ_SIZE = 4096
_MOST = 48 << 20
_WHENCE = {"set": 0, "cur": 1, "end": 2}
_MODES = {letter + rest for letter in "rwa" for rest in ("", "b", "+", "b+", "+b")}


def content(inside: Inside, path: str) -> bytes:
    """Return what the file at *path* holds."""
    return decoded(inside.disk.get("files", {}).get(path, ""))


def keep(inside: Inside, path: str, data: bytes) -> None:
    """Write the file at *path*, all of it."""
    inside.disk.setdefault("files", {})[path] = base64.b64encode(data).decode()


@command("guest-file-open", path="string", mode="string?")
def open_file(inside: Inside, path: str, mode: str = "r") -> int:
    """Open a file; return its number."""
    if mode not in _MODES:
        raise AgentError(f"invalid file open mode '{mode}'")
    exists = path in inside.disk.get("files", {})
    if mode[0] == "r" and not exists:
        raise AgentError(f"failed to open file '{path}' (mode: '{mode}'): No such file or directory")
    if mode[0] == "w" or not exists:
        keep(inside, path, b"")
    number = inside.boot["handle"] = int(inside.boot.get("handle", _FIRST - 1)) + 1
    inside.boot.setdefault("handles", {})[str(number)] = {"path": path, "mode": mode, "at": 0, "eof": False}
    return number


def _handle(inside: Inside, number: int) -> dict[str, Any]:
    found: dict[str, Any] | None = inside.boot.get("handles", {}).get(str(number))
    if found is None:
        raise AgentError(f"handle '{number}' has not been found")
    return found


@command("guest-file-close", handle="integer")
def close(inside: Inside, handle: int) -> None:
    """Close a file."""
    _handle(inside, handle)
    del inside.boot["handles"][str(handle)]


@command("guest-file-flush", handle="integer")
def flush(inside: Inside, handle: int) -> None:
    """Have what was written reach the disk."""
    _handle(inside, handle)


@command("guest-file-read", handle="integer", count="integer?")
def read(inside: Inside, handle: int, count: int = _READ_SIZE) -> dict[str, Any]:
    """Read on from where the file stands."""
    file = _handle(inside, handle)
    if not 0 <= count < _MOST:
        raise AgentError(f"value '{count}' is invalid for argument count")
    if file["mode"][0] != "r" and "+" not in file["mode"]:
        raise AgentError("failed to read file: Bad file descriptor")
    rest = content(inside, file["path"])[file["at"] :]
    data = rest[:count]
    file["at"] += len(data)
    file["eof"] = len(rest) < count
    return {"count": len(data), "buf-b64": base64.b64encode(data).decode(), "eof": file["eof"]}


@command("guest-file-write", handle="integer", buf_b64="string", count="integer?")
def write(inside: Inside, handle: int, buf_b64: str, count: int | None = None) -> dict[str, Any]:
    """Write where the file stands, or at its end if it was opened for that."""
    file, data = _handle(inside, handle), decoded(buf_b64)
    if count is not None and not 0 <= count <= len(data):
        raise AgentError(f"value '{count}' is invalid for argument count")
    if file["mode"][0] == "r" and "+" not in file["mode"]:
        raise AgentError("failed to write to file: Bad file descriptor")
    data = data if count is None else data[:count]
    old = content(inside, file["path"])
    at = len(old) if file["mode"][0] == "a" else file["at"]
    keep(inside, file["path"], old[:at].ljust(at, b"\0") + data + old[at + len(data) :])
    file["at"], file["eof"] = at + len(data), False
    return {"count": len(data), "eof": False}


@command("guest-file-seek", handle="integer", offset="integer", whence="number or name")
def seek(inside: Inside, handle: int, offset: int, whence: int | str) -> dict[str, Any]:
    """Stand somewhere else in the file."""
    file = _handle(inside, handle)
    code = _WHENCE.get(whence, -1) if isinstance(whence, str) else whence
    if code not in _WHENCE.values():
        if isinstance(whence, str):
            raise AgentError(f"Invalid parameter '{whence}'")
        raise AgentError(f"invalid whence code {whence}")
    start = (0, file["at"], len(content(inside, file["path"])))[code]
    if start + offset < 0:
        raise AgentError("failed to seek file: Invalid argument")
    file["at"], file["eof"] = start + offset, False
    return {"position": file["at"], "eof": False}
