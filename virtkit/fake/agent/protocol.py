"""How one talks to the agent: a request names a command, a reply has ``return`` or ``error``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from virtkit.fake.guest.life import disk_of, session_of
from virtkit.fake.guest.manners import of

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.guest.manners import Guest
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "number or name": (int, str),
}


class AgentError(Exception):
    """The agent's answer is an error."""

    def __init__(self, text: str, kind: str = "GenericError") -> None:
        super().__init__(text)
        self.kind = kind


@dataclass
class Inside:
    """What a command sees: its guest from inside.

    Attributes:
        disk: what stays when the guest is off.
        boot: what is forgotten when it boots again.
    """

    host: Host
    session: Session
    record: DomainRecord

    @property
    def disk(self) -> dict[str, Any]:
        """What stays when the guest is off."""
        return disk_of(self.record)

    @property
    def boot(self) -> dict[str, Any]:
        """What is forgotten when the guest boots again."""
        return session_of(self.record)

    @property
    def manners(self) -> Guest:
        """How the guest behaves."""
        return of(self.host, self.record)

    @property
    def hostname(self) -> str:
        """What the guest calls itself."""
        return self.manners.hostname or self.record.name


class Command(NamedTuple):
    """A command of the agent: what it takes, by name, with ``?`` after the type of what may be left out."""

    takes: dict[str, str]
    call: Callable[..., Any]
    while_frozen: bool
    answers: bool  # else success is silence: the guest goes away


COMMANDS: dict[str, Command] = {}


def command(
    name: str, *, while_frozen: bool = False, answers: bool = True, **takes: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the agent's command *name* of a function that gets an Inside and what the caller gave."""

    def decorate(call: Callable[..., Any]) -> Callable[..., Any]:
        named = {key.replace("_", "-"): kind for key, kind in takes.items()}
        COMMANDS[name] = Command(named, call, while_frozen, answers)
        return call

    return decorate


@cache
def load() -> dict[str, Command]:
    """Return the table of commands, complete."""
    from virtkit.fake.agent import basics, execution, files, filesystems, people, system  # noqa: F401

    return COMMANDS


def answer(inside: Inside, request: Any) -> dict[str, Any] | None:
    """Return the agent's reply to *request*; None where it goes down instead of replying."""
    tag: dict[str, Any] = {}
    try:
        name, arguments = _parts(request)
        if "id" in request:
            tag = {"id": request["id"]}
        found = _command(name, frozen=bool(inside.boot.get("frozen")))
        result = found.call(inside, **_arguments(found, arguments))
    except AgentError as error:
        return {"error": {"class": error.kind, "desc": str(error)}, **tag}
    return {"return": {} if result is None else result, **tag} if found.answers else None


def _command(name: str, *, frozen: bool) -> Command:
    found = load().get(name)
    if found is None:
        raise AgentError(f"The command {name} has not been found", "CommandNotFound")
    if frozen and not found.while_frozen:
        message = f"Command {name} has been disabled: the agent is in frozen state"
        raise AgentError(message, "CommandNotFound")
    return found


def _parts(request: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(request, dict):
        raise AgentError("QMP input must be a JSON object")
    for key, value in request.items():
        if key == "execute" and not isinstance(value, str):
            raise AgentError("QMP input member 'execute' must be a string")
        if key == "arguments" and not isinstance(value, dict):
            raise AgentError("QMP input member 'arguments' must be an object")
        if key not in {"execute", "arguments", "id"}:
            raise AgentError(f"QMP input member '{key}' is unexpected")
    if "execute" not in request:
        raise AgentError("QMP input lacks member 'execute'")
    return request["execute"], request.get("arguments", {})


def _arguments(found: Command, given: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, kind in found.takes.items():
        if key not in given:
            if not kind.endswith("?"):
                raise AgentError(f"Parameter '{key}' is missing")
            continue
        expected = kind.rstrip("?")
        value = given[key]
        if not isinstance(value, _TYPES[expected]) or (expected == "integer" and isinstance(value, bool)):
            raise AgentError(f"Invalid parameter type for '{key}', expected: {expected}")
        made[key.replace("-", "_")] = value
    for key in given:
        if key not in found.takes:
            raise AgentError(f"Parameter '{key}' is unexpected")
    return made


def invalid(name: str) -> NoReturn:
    """Say that the value of parameter *name* means nothing."""
    raise AgentError(f"Invalid parameter '{name}'")
