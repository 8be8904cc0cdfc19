"""Who has an account in a guest, and who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake.agent.execution import decoded
from virtkit.fake.agent.files import content, keep
from virtkit.fake.agent.protocol import AgentError, command

if TYPE_CHECKING:
    from virtkit.fake.agent.protocol import Inside


def _accounts(inside: Inside) -> dict[str, Any]:
    """Return the password of each account; None: it has none."""
    found: dict[str, Any] = inside.disk.setdefault("accounts", {"root": None})
    return found


@command("guest-get-users")
def users(inside: Inside) -> list[dict[str, Any]]:
    """Return who is logged in, and since when."""
    return [{"user": name, "login-time": since} for name, since in inside.boot.get("logged in", {}).items()]


@command("guest-set-user-password", username="string", password="string", crypted="boolean")  # noqa: S106
def set_password(inside: Inside, username: str, password: str, crypted: bool) -> None:
    """Change an account's password; it comes in base64."""
    raw = decoded(password).decode("utf-8", "replace")
    if "\n" in raw:
        raise AgentError("forbidden characters in raw password")
    if "\n" in username or ":" in username:
        raise AgentError("forbidden characters in username")
    if username not in _accounts(inside):
        raise AgentError("child process has failed to set user password")
    _accounts(inside)[username] = {"crypted": crypted, "password": raw}


def _path(inside: Inside, username: str) -> str:
    if username not in _accounts(inside):
        raise AgentError(f"failed to lookup user '{username}': Success")
    home = "/root" if username == "root" else f"/home/{username}"
    return f"{home}/.ssh/authorized_keys"


def _lines(inside: Inside, path: str) -> list[str]:
    return content(inside, path).decode("utf-8", "replace").splitlines()


@command("guest-ssh-get-authorized-keys", username="string")
def keys(inside: Inside, username: str) -> dict[str, list[str]]:
    """Return the keys with which one may log in as *username*."""
    path = _path(inside, username)
    if path not in inside.disk.get("files", {}):
        reason = f"Failed to open file “{path}”: No such file or directory"
        raise AgentError(f"failed to read '{path}': {reason}")
    lines = _lines(inside, path)
    return {"keys": [line for line in reversed(lines) if line.strip() and not line.startswith("#")]}


@command("guest-ssh-add-authorized-keys", username="string", keys="array", reset="boolean?")
def add_keys(inside: Inside, username: str, keys: list[str], reset: bool = False) -> None:
    """Let *keys* log in as *username*; with *reset*, no others."""
    path = _path(inside, username)
    for key in map(str, keys):
        if key.startswith("#") or "\n" in key:
            raise AgentError(f"invalid OpenSSH public key: '{key}'")
    known = [] if reset else _lines(inside, path)
    known += [key for key in keys if key not in known]
    keep(inside, path, "".join(f"{line}\n" for line in known).encode())


@command("guest-ssh-remove-authorized-keys", username="string", keys="array")
def remove_keys(inside: Inside, username: str, keys: list[str]) -> None:
    """Do not let *keys* log in any more."""
    path = _path(inside, username)
    if path in inside.disk.get("files", {}):
        left = [line for line in _lines(inside, path) if line not in keys]
        keep(inside, path, "".join(f"{line}\n" for line in left).encode())
