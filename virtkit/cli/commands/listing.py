"""``virtkit domain list|show|xml|statistics|wait``: what asks and changes nothing."""

from __future__ import annotations

from virtkit.cli.command import Result, command
from virtkit.cli.tables import pairs, table
from virtkit.cli.targets import add_name, add_names, find, for_each, seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from virtkit.cli.command import Call
    from virtkit.host import DomainStatistics, DomainStatus

STATES = ("running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended")
GROUPS = ("cpu", "balloon", "vcpu", "interface", "block", "perf", "iothread", "memory", "dirtyrate", "vm")


def _list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--state", action="append", choices=STATES, help="only domains in this state; may be repeated"
    )
    parser.add_argument("--names", action="store_true", help="print only the names, one on each line")


@command(
    "virtkit domain list",
    "virtkit domain list --state running --names",
    "virtkit -c qemu+ssh://host/system --json domain list",
    arguments=_list_arguments,
)
def _list(call: Call) -> Result:
    """List all domains of the host, running or not, by name: one call to libvirt, however many there are.

    JSON: a list of {name, uuid, state, reason}.
    """
    with call.connect() as host:
        found = host.domains.statistics(("state",))
    rows = [
        {"name": each.name, "uuid": each.uuid, **_status(each.status)}
        for each in sorted(found.values(), key=lambda each: each.name)
        if not call.args.state or each.status.state in call.args.state
    ]
    if call.args.names:
        return Result(rows, "\n".join(row["name"] for row in rows))
    head = ("NAME", "STATE", "REASON", "UUID")
    if not rows and call.on_terminal:
        call.complain("no domains in that state" if call.args.state else "no domains")
    return Result(rows, table(head, [(r["name"], r["state"], _known(r["reason"]), r["uuid"]) for r in rows]))


def _known(reason: str) -> str:
    """Return *reason*, or nothing where libvirt knows none: nobody has started it yet."""
    return "" if reason == "unknown" else reason


def _status(status: DomainStatus) -> dict[str, str]:
    return {"state": str(status.state), "reason": str(status.reason)}


@command("virtkit domain show web1", arguments=add_name)
def _show(call: Call) -> Result:
    """Show what one domain is and does.

    JSON: name, uuid, title, state, reason, persistent, autostart, managed_save, type, arch, machine, vcpus,
    memory (bytes), disks [{target, source, device}], interfaces [{mac, type, source}].
    """
    from virtkit.cli.summary import summary

    with call.connect() as host:
        domain = find(call, host, call.args.name)
        status = domain.status(full=True)
        xml = domain.xml()
    data = {
        "name": domain.name,
        "uuid": domain.uuid,
        **_status(status),
        "persistent": status.persistent,
        "autostart": status.autostart,
        "managed_save": status.managed_save,
        **summary(xml),
    }
    return Result(data, pairs(_lines(data)))


def _lines(data: dict[str, Any]) -> list[tuple[str, object]]:
    from virtkit.units import format_size

    lines: list[tuple[str, object]] = []
    for key, value in data.items():
        name = key.replace("_", " ")
        if isinstance(value, list):
            lines += [
                (name.removesuffix("s"), " ".join(str(v) for v in each.values() if v)) for each in value
            ]
        elif isinstance(value, bool):
            lines.append((name, "yes" if value else "no"))
        else:
            lines.append((name, format_size(value) if key == "memory" and value is not None else value))
    return lines


def _xml_arguments(parser: ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("--inactive", action="store_true", help="what the next start uses, not what runs now")
    parser.add_argument("--secure", action="store_true", help="with passwords")


@command("virtkit domain xml web1 --inactive > web1.xml", arguments=_xml_arguments)
def _xml(call: Call) -> Result:
    """Print a domain's XML as libvirt has it. JSON: name, xml."""
    args = call.args
    with call.connect() as host:
        text = find(call, host, args.name).xml(inactive=args.inactive, secure=args.secure)
    return Result({"name": args.name, "xml": text}, text.rstrip("\n"))


def _statistics_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these domains")
    parser.add_argument(
        "--group",
        action="append",
        choices=GROUPS,
        help="what to ask for; may be repeated (default: cpu, balloon, vcpu). "
        "All but cpu and perf ask QEMU, and wait for it",
    )
    parser.set_defaults(uuid=False)


@command(
    "virtkit domain statistics",
    "virtkit --json domain statistics web1 --group block",
    arguments=_statistics_arguments,
)
def _statistics(call: Call) -> Result:
    """Show counters of domains, all in one call to libvirt.

    JSON: a list of {name, uuid, state, reason, cpu_time (seconds), memory (bytes), maximum_memory (bytes),
    vcpus, raw}, where raw is libvirt's own record, in its keys and units.
    """
    groups = tuple(call.args.group or ("cpu", "balloon", "vcpu"))
    with call.connect() as host:
        of = [find(call, host, name) for name in call.args.names] or None
        found = host.domains.statistics(groups, of=of)
    each = [found[name] for name in sorted(found)]
    return Result([_counters(one) for one in each], _statistics_text(each, wide=call.args.group is not None))


def _counters(one: DomainStatistics) -> dict[str, Any]:
    return {
        "name": one.name,
        "uuid": one.uuid,
        **_status(one.status),
        "cpu_time": one.cpu_time,
        "memory": one.memory,
        "maximum_memory": one.maximum_memory,
        "vcpus": one.vcpus,
        "raw": dict(one.raw),
    }


def _statistics_text(found: list[DomainStatistics], *, wide: bool) -> str:
    if wide:
        return "\n".join(f"{one.name} {key}={value}" for one in found for key, value in one.raw.items())
    from virtkit.units import format_size

    def size(count: int | None) -> str | None:
        return None if count is None else format_size(count)

    rows = [
        (
            one.name,
            str(one.status.state),
            None if one.cpu_time is None else f"{one.cpu_time:.1f} s",
            one.vcpus,
            size(one.memory),
            size(one.maximum_memory),
        )
        for one in found
    ]
    return table(("NAME", "STATE", "CPU-TIME", "VCPUS", "MEMORY", "MAXIMUM"), rows)


def _wait_arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument(
        "--for",
        dest="state",
        action="append",
        required=True,
        choices=STATES,
        metavar="STATE",
        help=f"any of these ends the wait; may be repeated: {', '.join(STATES)}",
    )
    parser.add_argument(
        "--timeout", type=seconds, default=60, metavar="SECONDS", help="for each domain (default 60)"
    )


@command(
    "virtkit domain wait web1 --for shutoff --timeout 30",
    "virtkit domain wait web1 web2 --for running",
    arguments=_wait_arguments,
)
def _wait(call: Call) -> Result:
    """Wait until domains are in a state. Exit code 4: it did not happen in time."""
    from virtkit.host import wait_until

    args = call.args

    def one(domain: Any) -> dict[str, Any]:
        status = wait_until(domain, lambda status: status.state in args.state, timeout=args.timeout)
        return {"name": domain.name, "uuid": domain.uuid, **_status(status)}

    return for_each(call, one)


COMMANDS = {
    "list": _list,
    "show": _show,
    "info": _show,
    "xml": _xml,
    "statistics": _statistics,
    "wait": _wait,
}
