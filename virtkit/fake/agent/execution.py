"""Programs that the agent runs: a table of what each answers, and a few that every guest has."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from virtkit.fake.agent.protocol import AgentError, command, invalid

if TYPE_CHECKING:
    from virtkit.fake.agent.protocol import Inside

_FOLDERS = ("", "/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/")
_OWN = {"true", "false", "echo", "cat", "sleep", "hostname", "uname"}
_FIRST_PID = 1000


@command(
    "guest-exec", path="string", arg="array?", env="array?", input_data="string?", capture_output="boolean?"
)
def run(
    inside: Inside,
    path: str,
    arg: list[str] | None = None,
    env: list[str] | None = None,
    input_data: str = "",
    capture_output: bool = False,
) -> dict[str, int]:
    """Start a program; ``guest-exec-status`` says how it fares."""
    words = arg or []
    for number, word in enumerate(words):
        if not isinstance(word, str):
            raise AgentError(f"Invalid parameter type for 'arg[{number}]', expected: string")
    outcome = _outcome(inside, path, words, decoded(input_data))
    if outcome is None:
        reason = f"Failed to execute child process “{path}” (No such file or directory)"
        raise AgentError(f"Guest agent command failed, error was '{reason}'")
    pid = inside.boot["pid"] = int(inside.boot.get("pid", _FIRST_PID)) + 1
    ends = inside.host.now() + float(outcome.get("time", 0.0))
    inside.boot.setdefault("running", {})[str(pid)] = {**outcome, "ends": ends, "captured": capture_output}
    return {"pid": pid}


def _outcome(inside: Inside, path: str, words: list[str], given: bytes) -> dict[str, Any] | None:
    programs = inside.disk.get("programs", {})
    for key in (" ".join([path, *words]), path):
        if key in programs:
            return dict(programs[key])
    name = path.rpartition("/")[2]
    if name not in _OWN or path[: -len(name)] not in _FOLDERS:
        return None
    return _own(inside, name, words, given)


def _own(inside: Inside, name: str, words: list[str], given: bytes) -> dict[str, Any]:
    if name == "false":
        return {"code": 1}
    if name == "echo":
        return {"out": " ".join(words) + "\n"}
    if name == "hostname":
        return {"out": f"{inside.hostname}\n"}
    if name == "uname":
        return {"out": "Linux\n"}
    if name == "sleep":
        return {"time": float(words[0]) if words else 0.0}
    if name == "cat":
        return _cat(inside, words, given)
    return {}


def _cat(inside: Inside, words: list[str], given: bytes) -> dict[str, Any]:
    files = inside.disk.get("files", {})
    missing = [word for word in words if word not in files]
    found = [decoded(files[word]) for word in words if word in files] if words else [given]
    return {
        "out": b"".join(found).decode("utf-8", "surrogateescape"),
        "err": "".join(f"cat: {word}: No such file or directory\n" for word in missing),
        "code": 1 if missing else 0,
    }


@command("guest-exec-status", pid="integer")
def status(inside: Inside, pid: int) -> dict[str, Any]:
    """Return how a program fares. One that has ended is forgotten with that."""
    running = inside.boot.get("running", {})
    found = running.get(str(pid))
    if found is None:
        invalid("pid")
    if inside.host.now() < found["ends"]:
        return {"exited": False}
    del running[str(pid)]
    reply: dict[str, Any] = {"exited": True}
    if found.get("signal"):
        reply["signal"] = found["signal"]
    else:
        reply["exitcode"] = found.get("code", 0)
    for stream in ("out", "err"):
        text = found.get(stream, "")
        if found["captured"] and text:
            data = text.encode("utf-8", "surrogateescape")
            reply[f"{stream}-data"] = base64.b64encode(data).decode()
            reply[f"{stream}-truncated"] = False
    return reply


def decoded(text: str) -> bytes:
    """Return the bytes that *text* holds in base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise AgentError("Base64 data contains invalid characters") from None
