"""The domains that a command is about: by name or UUID, one after the other, one line for each."""

from __future__ import annotations

from virtkit.cli import exits
from virtkit.cli.command import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from typing import Any

    from virtkit.cli.command import Call
    from virtkit.host import Connection, Domain

GONE = "gone"


def add_names(parser: ArgumentParser) -> None:
    """Declare one domain or more."""
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help="a domain; after -- it may begin with a dash"
    )
    _add_uuid(parser)


def add_name(parser: ArgumentParser) -> None:
    """Declare exactly one domain."""
    parser.add_argument("name", metavar="NAME", help="the domain; after -- it may begin with a dash")
    _add_uuid(parser)


def seconds(text: str) -> float:
    """Return the value of an option that takes a time."""
    import math
    from argparse import ArgumentTypeError

    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not value >= 0:
        raise ArgumentTypeError(f"{text!r} is no number of seconds")
    return value


def rate(text: str) -> int:
    """Return the value, in bytes per second, of an option that takes how much goes over."""
    from argparse import ArgumentTypeError

    from virtkit.units import parse_rate

    try:
        return parse_rate(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _add_uuid(parser: ArgumentParser) -> None:
    parser.add_argument("--uuid", action="store_true", help="NAME is a UUID; it never is one otherwise")


def find(call: Call, host: Connection, name: str) -> Domain:
    """Return the domain *name*: a name, even if it looks like a number, unless ``--uuid`` was given."""
    return host.domains.by_uuid(name) if call.args.uuid else host.domains[name]


def state_of(domain: Domain) -> dict[str, Any]:
    """Return ``name``, ``uuid``, ``state`` and ``reason`` as they are now; a transient domain may be gone."""
    from virtkit.errors import NotFound

    found: dict[str, Any] = {"name": domain.name, "uuid": domain.uuid, "state": GONE, "reason": None}
    try:
        status = domain.status()
    except NotFound:
        return found
    return {**found, "state": str(status.state), "reason": str(status.reason)}


def state_text(state: dict[str, Any]) -> str:
    """Return ``paused (user)`` for what ``state_of`` returned."""
    reason = state.get("reason")
    return f"{state['state']} ({reason})" if reason and reason != "unknown" else str(state["state"])


def line_of(state: dict[str, Any]) -> str:
    """Return ``web1: paused (user)``."""
    return f"{state['name']}: {state_text(state)}"


def for_each(call: Call, act: Callable[[Domain], dict[str, Any] | None]) -> Result:
    """Do *act* to each domain that was named; one that fails does not keep the others from their turn.

    *act* returns what is to be shown; None: the domain's state is read back and shown. The JSON is a list,
    in the order of the command line; what failed has ``name`` and ``error``.
    """

    def one(host: Connection, name: str) -> dict[str, Any]:
        domain = find(call, host, name)
        return act(domain) or state_of(domain)

    with call.connect() as host:
        return collect(call, call.args.names, lambda name: one(host, name))


def collect(call: Call, names: list[str], one: Callable[[str], dict[str, Any]]) -> Result:
    """Do *one* for each of *names*, print a line for each as it is done, and return what came of them."""
    from virtkit.errors import VirtkitError

    rows: list[dict[str, Any]] = []
    codes: list[int] = []
    for name in names:
        try:
            row = one(name)
        except (VirtkitError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            call.trace(error)
            for line in exits.lines_of(error):
                call.complain(line)
            row = {"name": name, "error": exits.as_json(error)}
            codes.append(exits.code_of(error))
        else:
            call.say(row.pop("line", None) or line_of(row))
        rows.append(row)
    return Result(rows, code=exits.worst(codes))
