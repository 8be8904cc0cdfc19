"""``virtkit domain export``: an existing domain as a spec."""

from __future__ import annotations

from virtkit.cli.command import Result, command
from virtkit.cli.targets import add_name, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from lxml import etree

    from virtkit.cli.command import Call
    from virtkit.host import Domain

_LOGIN = ("passwd", "passwdValidTo", "connected")
"""A console's password and what goes with it: without one, nothing can be said of when it ends."""


def _arguments(parser: ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("--format", choices=("yaml", "json"), default="yaml", help="default: yaml")
    parser.add_argument("--secure", action="store_true", help="with passwords")


@command(
    "virtkit domain export web1 > web1.yaml",
    "virtkit domain export web1 --format json --secure",
    arguments=_arguments,
)
def _export(call: Call) -> Result:
    """Print a domain as a spec: what it is defined as, not what runs now.

    Rendered, the spec is the same domain. What no field of a spec can say is in its xml. Passwords of
    consoles are left out unless --secure is given, and a line on stderr says so: a domain that is defined
    anew from the spec has none, while 'virtkit domain apply' keeps those of a domain that is there.

    JSON: name, spec, left_out (the paths of passwords), overlay (whether there is an xml).
    """
    from virtkit.spec import DomainSpec

    args = call.args
    with call.connect() as host:
        root = _document(find(call, host, args.name), secure=args.secure)
    left_out = [] if args.secure else _without_passwords(root)
    for path in left_out:
        call.complain(f"{args.name}: {path} is left out: --secure writes it")
    spec = DomainSpec.from_document(root)
    fields = spec.to_dict()
    data = {"name": spec.name, "spec": fields, "left_out": left_out, "overlay": spec.xml is not None}
    return Result(data, (_json(fields) if args.format == "json" else spec.to_yaml()).rstrip("\n"))


def _document(domain: Domain, *, secure: bool) -> etree._Element:
    """Return what the domain is defined as; with passwords, if we may: to know that there are some."""
    from virtkit import tree
    from virtkit.errors import Denied

    try:
        text = domain.xml(inactive=True, secure=True)
    except Denied:
        if secure:
            raise
        text = domain.xml(inactive=True)
    return tree.parse(text, "the domain's XML")


def _without_passwords(root: etree._Element) -> list[str]:
    """Take the passwords out of a domain, and return the paths of those in its spec."""
    found = []
    for index, console in enumerate(root.findall("devices/graphics")):
        if [name for name in _LOGIN if console.attrib.pop(name, None) is not None]:
            found.append(f"graphics[{index}].password")
    return found


def _json(fields: dict[str, object]) -> str:
    import json

    return json.dumps(fields, indent=2)


COMMANDS = {"export": _export}
