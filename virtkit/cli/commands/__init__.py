"""What commands there are: for each its name, the line in the help, and where to find it.

Nothing is imported before it is asked for: ``virtkit domain list`` loads ``listing.py`` and no other.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from virtkit.cli.command import Command


class Entry:
    """A command in a list of commands: *module*, a neighbour of this one, has it in its ``COMMANDS``."""

    def __init__(self, name: str, summary: str, module: str) -> None:
        self.name = name
        self.help = summary
        self._module = module

    def load(self) -> Command:
        """Import its module, and return it."""
        commands: dict[str, Command] = import_module(f"{__name__}.{self._module}").COMMANDS
        return commands[self.name]


class Group:
    """A word that is followed by a verb: ``virtkit domain start``."""

    def __init__(self, name: str, summary: str, verbs: tuple[Entry, ...]) -> None:
        self.name = name
        self.help = summary
        self.verbs = verbs


DOMAIN = Group(
    "domain",
    "what runs on a host: define, start, stop, save, migrate domains",
    (
        Entry("list", "list the domains with their states", "listing"),
        Entry("show", "show one domain: state, identity, processors, memory, devices", "listing"),
        Entry("info", "the same as show", "listing"),
        Entry("xml", "print a domain's XML", "listing"),
        Entry("export", "print a domain as a spec, which can be changed and applied", "exporting"),
        Entry("statistics", "show counters: processor time, memory, disks, networks", "listing"),
        Entry("wait", "wait until domains are in a state", "listing"),
        Entry("define", "define domains from specs or XML, without starting them", "definition"),
        Entry("apply", "create or update domains, so that they are as the spec says", "definition"),
        Entry("create", "start transient domains, which are gone when they stop", "definition"),
        Entry("rename", "give a domain another name", "definition"),
        Entry("autostart", "start domains with their host, or not", "definition"),
        Entry("undefine", "remove definitions; disks stay", "definition"),
        Entry("delete", "stop and remove domains, and their disks if asked", "definition"),
        Entry("start", "start domains", "lifecycle"),
        Entry("shutdown", "ask guests to shut down, and return at once", "lifecycle"),
        Entry("stop", "shut guests down and wait until they are off", "lifecycle"),
        Entry("reboot", "ask guests to reboot", "lifecycle"),
        Entry("reset", "press the reset button", "lifecycle"),
        Entry("destroy", "pull the plug", "lifecycle"),
        Entry("suspend", "pause the processors; the memory stays where it is", "lifecycle"),
        Entry("resume", "let suspended domains go on", "lifecycle"),
        Entry("save", "save a domain's memory to a file of the host, and stop it", "saving"),
        Entry("restore", "let a domain go on from such a file", "saving"),
        Entry("managed-save", "save domains where libvirt keeps it; start goes on", "saving"),
        Entry("migrate", "move a domain to another host", "migrate"),
    ),
)

TEMPLATE = Group(
    "template",
    "the templates that virtkit renders",
    (
        Entry("list", "list the templates", "template"),
        Entry("show", "show a template's variables, their defaults and meaning", "template"),
    ),
)

COMMANDS: tuple[Entry | Group, ...] = (
    DOMAIN,
    Entry("render", "print the XML of a spec or a template", "documents"),
    Entry("validate", "check specs and XML files", "documents"),
    Entry("diff", "say what a document states and another, or a host, does not have", "comparing"),
    TEMPLATE,
    Entry("doctor", "say what is missing on this machine, and how to get it", "doctor"),
    Entry("demo", "take a domain through its life, on a fake host or a real one", "demo"),
)
