"""``virtkit domain define|apply|create|rename|autostart|undefine|delete``."""

from __future__ import annotations

from virtkit.cli.command import Result, command
from virtkit.cli.sources import add_source, load, name_of
from virtkit.cli.targets import (
    GONE,
    add_name,
    add_names,
    find,
    for_each,
    line_of,
    seconds,
    state_of,
    state_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from typing import Any, Literal

    from virtkit.cli.command import Call
    from virtkit.host import Applied, Domain
    from virtkit.model import Difference


def _define_arguments(parser: ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--start", action="store_true", help="and start it")
    parser.add_argument("--validate", action="store_true", help="let libvirt check it against its schema")


@command(
    "virtkit domain define web1.yaml",
    "virtkit domain define linux --set name=web1 --set memory=2GiB --start",
    arguments=_define_arguments,
)
def _define(call: Call) -> Result:
    """Define a domain, or give an existing one of that name a new definition.

    It keeps its UUID, MAC addresses and NVRAM. A running domain takes the definition when it starts again.
    If --start fails, a domain that was not there before is undefined again.

    JSON: name, uuid, state, reason.
    """
    with call.connect() as host:
        source = load(call.args, host.capabilities)
        known = call.args.start and (name_of(source) or "") in host.domains
        domain = host.domains.define(source, validate=call.args.validate)
        if call.args.start:
            _start(domain, known=known)
        state = state_of(domain)
    return Result(state, line_of(state))


def _start(domain: Domain, *, known: bool) -> None:
    """Start what has just been defined; if that fails, take back a definition that was not *known* before."""
    from virtkit.errors import Disconnected, HostError

    try:
        domain.start()
    except Disconnected:
        raise  # nobody knows
    except HostError as error:
        error.add_note(f"{domain.name} {'has the new definition' if known else _take_back(domain)}")
        raise


def _take_back(domain: Domain) -> str:
    from virtkit.errors import HostError

    try:
        if not domain.status().active:
            domain.delete()
            return "is not defined: that was taken back"
    except HostError:
        pass
    return "stays defined"


def _apply_arguments(parser: ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--prune", action="store_true", help="remove devices that the source does not have")
    parser.add_argument(
        "--discard-saved",
        action="store_true",
        help="remove the managed save image of a domain that has changed; else its next start resumes that",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")


@command(
    "virtkit domain apply web1.yaml", "virtkit domain apply web1.yaml --dry-run", arguments=_apply_arguments
)
def _apply(call: Call) -> Result:
    """Create a domain, or change an existing one, so that its definition has all that the source says.

    What libvirt added by itself is no difference: the second time nothing changes.

    JSON: name, outcome (created, updated, unchanged), changes and refused [{path, wanted, actual, kind}],
    restart_required, saved, dry_run.
    """
    args = call.args
    saved: Literal["discard", "resume"] = "discard" if args.discard_saved else "resume"
    with call.connect() as host:
        source = load(args, host.capabilities)
        applied = host.domains.apply(source, prune=args.prune, saved=saved, dry_run=args.dry_run)
        name = applied.domain.name if applied.domain is not None else name_of(source)
    data = {
        "name": name,
        "outcome": applied.outcome,
        "changes": [difference_json(change) for change in applied.changes],
        "refused": [difference_json(change) for change in applied.refused],
        "restart_required": applied.restart_required,
        "saved": applied.saved,
        "dry_run": args.dry_run,
    }
    return Result(data, "\n".join(_lines(data, applied)))


def _lines(data: dict[str, Any], applied: Applied) -> Iterator[str]:
    would = "would be " if data["dry_run"] and applied.changed else ""
    yield f"{data['name']}: {would}{applied.outcome}"
    yield from (f"  {_change(change)}" for change in applied.changes)
    yield from (f"  left out by libvirt: {change}" for change in applied.refused)
    if applied.restart_required:
        yield "  it runs without some of it, and gets it when it starts again"
    if applied.saved:
        yield "  it has a managed save image: its next start goes on with the old hardware"


def _change(change: Difference) -> str:
    """Return what becomes of a difference: ``domain/memory: 512MiB -> 1GiB``."""
    if change.kind == "extra":
        return f"{change.path}: removed"
    if change.kind == "missing":
        element = not change.wanted or change.wanted.startswith("<")
        return f"{change.path}: added" if element else f"{change.path}: {_size(change.wanted)} added"
    return f"{change.path}: {_size(change.actual)} -> {_size(change.wanted)}"


def _size(value: str | None) -> str:
    """Return *value*, in the largest unit if it is a size in libvirt's: ``1048576 KiB``."""
    number, _, unit = (value or "").partition(" ")
    if not number.isdecimal() or unit not in {"b", "bytes", "KiB", "MiB", "GiB"}:
        return str(value)
    from virtkit.units import format_size, parse_size

    return format_size(parse_size(f"{number}{unit}"))


def difference_json(difference: Any) -> dict[str, Any]:
    """Return a ``model.Difference`` as an object."""
    return {key: getattr(difference, key) for key in ("path", "wanted", "actual", "kind")}


def _create_arguments(parser: ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--paused", action="store_true", help="stop before the guest's first instruction")


@command("virtkit domain create test.yaml", arguments=_create_arguments)
def _create(call: Call) -> Result:
    """Start a transient domain: it has no definition, and is gone when it stops.

    JSON: name, uuid, state, reason.
    """
    with call.connect() as host:
        domain = host.domains.create(load(call.args, host.capabilities), paused=call.args.paused)
        state = state_of(domain)
    return Result(state, line_of(state))


def _rename_arguments(parser: ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("new", metavar="NEW", help="its new name")


@command("virtkit domain rename web1 web2", arguments=_rename_arguments)
def _rename(call: Call) -> Result:
    """Give a domain that is off another name. JSON: name (the new one), uuid, state, reason, old_name."""
    with call.connect() as host:
        domain = find(call, host, call.args.name)
        old = domain.name
        domain.rename(call.args.new)
        state = {**state_of(domain), "old_name": old}
    return Result(state, f"{old}: renamed to {domain.name}")


def _autostart_arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument("--off", action="store_true", help="no longer")


@command(
    "virtkit domain autostart web1", "virtkit domain autostart --off web1", arguments=_autostart_arguments
)
def _autostart(call: Call) -> Result:
    """Start domains whenever their host starts. JSON: a list of {name, uuid, autostart}."""
    on = not call.args.off

    def one(domain: Domain) -> dict[str, Any]:
        domain.set_autostart(on)
        text = f"{domain.name}: autostart {'on' if on else 'off'}"
        return {"name": domain.name, "uuid": domain.uuid, "autostart": on, "line": text}

    return for_each(call, one)


@command("virtkit domain undefine web1", arguments=add_names)
def _undefine(call: Call) -> Result:
    """Remove definitions and nothing else: disks stay, and a running domain goes on as a transient one.

    One with snapshots, NVRAM or a managed save image is refused; 'delete' removes those too.
    """

    def one(domain: Domain) -> dict[str, Any]:
        domain.undefine()
        state = state_of(domain)
        transient = f"; {state_text(state)} as a transient domain, gone when it stops"
        return {**state, "line": f"{domain.name}: undefined{'' if state['state'] == GONE else transient}"}

    return for_each(call, one)


def _delete_arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument(
        "--disks",
        choices=("none", "owned", "all"),
        default="none",
        help="which disks to delete: none (default), those made for it, or all; what others use stays",
    )
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=120,
        metavar="SECONDS",
        help="how long to wait for each guest to stop (default 120)",
    )
    parser.add_argument("--force", action="store_true", help="then destroy it; else nothing is deleted")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and delete nothing")


@command(
    "virtkit domain delete web1",
    "virtkit domain delete --disks owned --dry-run web1",
    arguments=_delete_arguments,
)
def _delete(call: Call) -> Result:
    """Stop domains and remove them with all that libvirt keeps of them: saved state, snapshots, NVRAM.

    JSON: a list of {name, uuid, stopped, removed, disks, kept: [{path, reason}], dry_run}.
    """
    args = call.args

    def one(domain: Domain) -> dict[str, Any]:
        gone = domain.delete(args.disks, timeout=args.timeout, force=args.force, dry_run=args.dry_run)
        what = [*gone.removed, *gone.disks]
        text = f"{domain.name}: {'would be ' if args.dry_run else ''}deleted"
        return {
            "name": domain.name,
            "uuid": domain.uuid,
            "stopped": gone.stopped,
            "removed": list(gone.removed),
            "disks": list(gone.disks),
            "kept": [{"path": path, "reason": reason} for path, reason in gone.kept],
            "dry_run": args.dry_run,
            "line": f"{text}, with {', '.join(what)}" if what else text,
        }

    return for_each(call, one)


COMMANDS = {
    "define": _define,
    "apply": _apply,
    "create": _create,
    "rename": _rename,
    "autostart": _autostart,
    "undefine": _undefine,
    "delete": _delete,
}
