"""What commands there are: for each its name, the line in the help, and where to find it.

Nothing is imported before it is asked for: ``virtkit domain list`` loads ``listing.py`` and no other.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.cli.command import Command


class Entry:
    """A command in a list of commands; *load* imports its module and returns it."""

    def __init__(self, name: str, summary: str, load: Callable[[], Command]) -> None:
        self.name = name
        self.help = summary
        self.load = load


class Group:
    """A word that is followed by a verb: ``virtkit domain start``."""

    def __init__(self, name: str, summary: str, verbs: tuple[Entry, ...]) -> None:
        self.name = name
        self.help = summary
        self.verbs = verbs


def _listing(name: str) -> Callable[[], Command]:
    def load() -> Command:
        from virtkit.cli.commands import listing

        return listing.COMMANDS[name]

    return load


def _definition(name: str) -> Callable[[], Command]:
    def load() -> Command:
        from virtkit.cli.commands import definition

        return definition.COMMANDS[name]

    return load


def _lifecycle(name: str) -> Callable[[], Command]:
    def load() -> Command:
        from virtkit.cli.commands import lifecycle

        return lifecycle.COMMANDS[name]

    return load


def _saving(name: str) -> Callable[[], Command]:
    def load() -> Command:
        from virtkit.cli.commands import saving

        return saving.COMMANDS[name]

    return load


def _migrate() -> Command:
    from virtkit.cli.commands import migrate

    return migrate.migrate


def _documents(name: str) -> Callable[[], Command]:
    def load() -> Command:
        from virtkit.cli.commands import documents

        return documents.COMMANDS[name]

    return load


def _template(name: str) -> Callable[[], Command]:
    def load() -> Command:
        from virtkit.cli.commands import template

        return template.COMMANDS[name]

    return load


def _doctor() -> Command:
    from virtkit.cli.commands import doctor

    return doctor.doctor


def _demo() -> Command:
    from virtkit.cli.commands import demo

    return demo.demo


DOMAIN = Group(
    "domain",
    "what runs on a host: define, start, stop, save, migrate domains",
    (
        Entry("list", "list the domains with their states", _listing("list")),
        Entry("show", "show one domain: state, identity, processors, memory, devices", _listing("show")),
        Entry("info", "the same as show", _listing("show")),
        Entry("xml", "print a domain's XML", _listing("xml")),
        Entry("statistics", "show counters: processor time, memory, disks, networks", _listing("statistics")),
        Entry("wait", "wait until domains are in a state", _listing("wait")),
        Entry("define", "define domains from specs or XML, without starting them", _definition("define")),
        Entry("apply", "create or update domains, so that they are as the spec says", _definition("apply")),
        Entry("create", "start transient domains, which are gone when they stop", _definition("create")),
        Entry("rename", "give a domain another name", _definition("rename")),
        Entry("autostart", "start domains with their host, or not", _definition("autostart")),
        Entry("undefine", "remove definitions; disks stay", _definition("undefine")),
        Entry("delete", "stop and remove domains, and their disks if asked", _definition("delete")),
        Entry("start", "start domains", _lifecycle("start")),
        Entry("shutdown", "ask guests to shut down, and return at once", _lifecycle("shutdown")),
        Entry("stop", "shut guests down and wait until they are off", _lifecycle("stop")),
        Entry("reboot", "ask guests to reboot", _lifecycle("reboot")),
        Entry("reset", "press the reset button", _lifecycle("reset")),
        Entry("destroy", "pull the plug", _lifecycle("destroy")),
        Entry("suspend", "pause the processors; the memory stays where it is", _lifecycle("suspend")),
        Entry("resume", "let suspended domains go on", _lifecycle("resume")),
        Entry("save", "save a domain's memory to a file of the host, and stop it", _saving("save")),
        Entry("restore", "let a domain go on from such a file", _saving("restore")),
        Entry("managed-save", "save domains where libvirt keeps it; start goes on", _saving("managed-save")),
        Entry("migrate", "move a domain to another host", _migrate),
    ),
)

TEMPLATE = Group(
    "template",
    "the templates that virtkit renders",
    (
        Entry("list", "list the templates", _template("list")),
        Entry("show", "show a template's variables, their defaults and meaning", _template("show")),
    ),
)

COMMANDS: tuple[Entry | Group, ...] = (
    DOMAIN,
    Entry("render", "print the XML of a spec or a template", _documents("render")),
    Entry("validate", "check specs and XML files", _documents("validate")),
    Entry("diff", "say what one domain states and another does not have", _documents("diff")),
    TEMPLATE,
    Entry("doctor", "say what is missing on this machine, and how to get it", _doctor),
    Entry("demo", "take a domain through its life, on a fake host or a real one", _demo),
)
