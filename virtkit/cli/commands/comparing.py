"""``virtkit diff``: what one document states, and another, or what exists on a host, does not have."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from virtkit.cli import exits
from virtkit.cli.command import Result, command
from virtkit.cli.sources import spec_in, xml_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    from virtkit.cli.command import Call
    from virtkit.host import Connection


_FILES = {".xml", ".yaml", ".yml", ".json"}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "wanted", metavar="WANTED", help="a file: spec or XML of any kind; or the name of what exists"
    )
    parser.add_argument(
        "actual",
        metavar="ACTUAL",
        nargs="?",
        help="likewise; default: what exists on the connection and has WANTED's kind and name",
    )
    parser.add_argument(
        "--live", action="store_true", help="with what is there now, not after the next start"
    )
    parser.add_argument(
        "--extra",
        action="store_true",
        help="also name what only ACTUAL has, where libvirt adds none by itself",
    )


@command(
    "virtkit -c qemu:///system diff web1.yaml",
    "virtkit diff web1.yaml web1.xml",
    "virtkit -c qemu:///system diff network.xml default --live",
    "virtkit -c qemu:///system diff data.xml images/data.qcow2",
    arguments=_arguments,
)
def _diff(call: Call) -> Result:
    """Say what WANTED states and ACTUAL does not have.

    What ACTUAL has besides is no difference: libvirt adds much by itself. Units, spellings and order do not
    count. Secrets are not shown.

    A word is a file if it has the suffix .yaml, .yml, .json or .xml. If not, it is the name of what exists
    on the connection, of the kind that the other document is of, or a domain: a network, a storage pool,
    a volume (POOL/VOLUME), a snapshot or checkpoint (DOMAIN/NAME), a filter, a secret (its UUID), a node
    device. Without ACTUAL, it is what has the kind and name of WANTED;
    for a domain's name, what runs now beside what the next start takes.

    Exit code 1: there are differences; 3: there is nothing of that name.
    JSON: a list of {path, wanted, actual, kind}; kind: missing, different or extra.
    """
    from virtkit.cli.commands.definition import difference_json
    from virtkit.model import diff

    found = diff(*_documents(call), extra=call.args.extra)
    rows = [difference_json(each) for each in found]
    return Result(rows, "\n".join(map(str, found)), code=exits.FAILED if found else exits.OK)


def _documents(call: Call) -> tuple[str, str]:
    """Return both documents; a connection is opened if one of them is there."""
    from virtkit.cli.existing import document

    wanted, actual, live = call.args.wanted, call.args.actual, call.args.live
    if _is_file(wanted) and _is_file(actual):
        return _read(wanted), _read(actual)
    with call.connect() as host:
        if _is_file(wanted):
            text = _read(wanted, host)
            tag, name = _identity(text)
            return text, document(host, tag, actual or name(), live=live)
        if _is_file(actual):
            text = _read(actual, host)
            return document(host, _identity(text)[0], wanted), text
        return document(host, "domain", wanted), document(
            host, "domain", actual or wanted, live=live or actual is None
        )


def _identity(text: str) -> tuple[str, Callable[[], str]]:
    """Return the kind of a document, and what says its name."""
    from virtkit import tree
    from virtkit.cli.existing import name_in

    root = tree.parse(text, "the document")
    return str(root.tag), partial(name_in, root)


def _is_file(word: str | None) -> bool:
    return word is not None and Path(word).suffix.lower() in _FILES


def _read(word: str, host: Connection | None = None) -> str:
    """Return the XML in a file; a spec is rendered for *host*."""
    path = Path(word)
    if path.suffix.lower() == ".xml":
        return xml_of(path)
    from virtkit.rendering import render

    return render(spec_in(path), host=host.capabilities() if host is not None else None)


COMMANDS = {"diff": _diff}
