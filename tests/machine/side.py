"""One of the two libvirts of a comparison: its connection, the handles kept, and what it told."""

from __future__ import annotations

import contextlib
import gc
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from tests.machine.kinds import Ref

if TYPE_CHECKING:
    from tests.machine.kinds import Family, Kind, Step

_NOT_VALID = 92  # VIR_ERR_XML_INVALID_SCHEMA
TMP = "{tmp}"  # in arguments: this side's own folder
UUIDS = (
    "6695eb01-f6a4-8304-79aa-97f2502e193f",
    "11111111-1111-1111-1111-111111111111",
    "22222222-2222-2222-2222-222222222222",
    "dd8fe884-6c02-601e-7551-cca97df1c5df",
    "dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566",
    "11111111-2222-3333-4444-555555555555",
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DRAWN = (
    (re.compile(r"<creationTime>\d+</creationTime>"), "<creationTime>T</creationTime>"),
    (re.compile(r"52:54:00(:[0-9a-f]{2}){3}"), "MAC"),
    (re.compile(r"\b1[5-9]\d{8}\b"), "SECONDS"),
)

FINDERS: dict[str, Callable[[Any, str], Any]] = {
    "domain": lambda conn, name: conn.lookupByName(name),
    "network": lambda conn, name: conn.networkLookupByName(name),
    "pool": lambda conn, name: conn.storagePoolLookupByName(name),
    "interface": lambda conn, name: conn.interfaceLookupByName(name),
    "device": lambda conn, name: conn.nodeDeviceLookupByName(name),
    "volume": lambda conn, name: conn.storagePoolLookupByName(name.split("/")[0]).storageVolLookupByName(
        name.split("/")[1]
    ),
    "snapshot": lambda conn, name: conn.lookupByName(name.split("/")[0]).snapshotLookupByName(
        name.split("/")[1]
    ),
    "checkpoint": lambda conn, name: conn.lookupByName(name.split("/")[0]).checkpointLookupByName(
        name.split("/")[1]
    ),
}
_HANDLES: dict[str, tuple[str, Callable[[Any], tuple[Any, ...]]]] = {
    "virDomain": ("domain", lambda it: (it.name(), it.UUIDString(), it.ID())),
    "virNetwork": ("network", lambda it: (it.name(), it.UUIDString())),
    "virStoragePool": ("pool", lambda it: (it.name(), it.UUIDString())),
    "virStorageVol": (
        "volume",
        lambda it: (f"{it.storagePoolLookupByVolume().name()}/{it.name()}", it.key()),
    ),
    "virInterface": ("interface", lambda it: (it.name(), it.MACString())),
    "virNodeDevice": ("device", lambda it: (it.name(),)),
    "virDomainSnapshot": ("snapshot", lambda it: (f"{it.getDomain().name()}/{it.getName()}",)),
    "virDomainCheckpoint": ("checkpoint", lambda it: (f"{it.getDomain().name()}/{it.getName()}",)),
}


class Side:
    """A libvirt module with one connection to a host in its first state."""

    def __init__(self, module: Any, uri: str, families: Iterable[Family]) -> None:
        self.module = module
        self.folder = tempfile.mkdtemp(prefix="machine-")
        self.events: list[Any] = []
        self.others: dict[str, Any] = {}  # more connections, for those who need them
        self.listening: list[tuple[str, int]] = []
        self.old_style: dict[str, Callable[..., None]] = {}
        self.afterwards: list[Callable[[], Any]] = []  # what is to be done before closing
        self._kept: dict[tuple[str, str], Any] = {}
        self._old: dict[tuple[str, str], Any] = {}
        module.registerErrorHandler(_silent, None)
        prepare_loop(module)
        self.conn = module.open(uri)
        self.clear()
        self._callbacks = [
            (
                register,
                getattr(self.conn, register)(None, getattr(module, number), self._listener(name), None),
            )
            for register, number, name in dict.fromkeys(each for family in families for each in family.events)
        ]

    def clear(self) -> None:
        """Bring the host into its first state: the test driver's is new with each connection."""

    def _listener(self, name: str) -> Callable[..., None]:
        events, see = self.events, self.see

        def listen(_conn: Any, subject: Any, *details: Any) -> None:
            events.append((name, see(subject, keep=False), details[:-1]))

        return listen

    def close(self) -> None:
        """Let go of everything, so that the host's state is dropped."""
        self._kept.clear()
        self._old.clear()
        for undo in self.afterwards:
            with contextlib.suppress(self.module.libvirtError, KeyError):
                undo()
        self.afterwards.clear()
        for register, number in self._callbacks:
            with contextlib.suppress(self.module.libvirtError):
                getattr(self.conn, register.replace("Register", "Deregister"))(number)
        self.pump()
        self.events.clear()
        held = 0
        for conn in (*self.others.values(), self.conn):
            with contextlib.suppress(self.module.libvirtError):
                held += conn.close()
        self.others.clear()
        if held:  # somebody still holds an object: an error's traceback, as a rule
            gc.collect()
        shutil.rmtree(self.folder, ignore_errors=True)

    def find(self, target: str, name: str, how: str) -> Any:
        """Return the object of that kind and name, by a handle that is kept if *how* says so."""
        kept = {"kept": self._kept, "old": self._old}.get(how, {}).get((target, name))
        if kept is not None:
            return kept
        found = FINDERS[target](self.conn, name)
        self._keep(target, name, found)
        return found

    def _keep(self, target: str, name: str, handle: Any) -> None:
        self._kept[target, name] = handle
        self._old.setdefault((target, name), handle)

    def argument(self, value: Any) -> Any:
        """Return an argument as this side is to get it."""
        if isinstance(value, Ref):
            return self.find(*value)
        if isinstance(value, list):
            return [self.argument(item) for item in value]
        return value.replace(TMP, self.folder) if isinstance(value, str) else value

    def run(self, kind: Kind, step: Step) -> tuple[Any, ...]:
        """Make one call; return what came of it."""
        self.module.virResetLastError()  # an error that the binding does not explain repeats the last one
        try:
            return ("value", self.see(kind.run(self, step)))
        except self.module.libvirtError as error:
            if error.get_error_code() == _NOT_VALID:  # why is said by libxml2, of which there are many
                return ("error", _NOT_VALID)
            return ("error", *self.see(error.err or (str(error),)))
        except Exception as error:  # noqa: BLE001
            return ("exception", type(error).__name__, self.see(str(error)))

    def look(self, family: Family) -> Any:
        """Return what *family* knows of every object."""
        try:
            return self.see(family.summary(self), keep=False)
        except Exception as error:  # noqa: BLE001
            return f"{type(error).__name__}: {self.see(str(error))}"

    def pump(self) -> list[Any]:
        """Have the event loop deliver what is queued; return the events since the last time."""
        for _ in range(2):
            self.module.virEventRunDefaultImpl()
        told, self.events[:] = list(self.events), []
        return told

    def see(self, value: Any, *, keep: bool = True) -> Any:
        """Return *value* as plain data, without what is drawn anew each time."""
        handle = _HANDLES.get(type(value).__name__)
        if handle is not None:
            target, describe = handle
            facts = describe(value)
            if keep:
                self._keep(target, facts[0], value)
            return (target, *self.see(facts))
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list) and any(type(item).__name__ in _HANDLES for item in value):
            return sorted(self.see(item) for item in value)  # in hash order, there
        if isinstance(value, list | tuple):
            return type(value)([self.see(item) for item in value])
        if isinstance(value, dict):
            return {key: self.see(item) for key, item in value.items()}
        return value

    def _text(self, text: str) -> str:
        text = _UUID.sub(lambda match: match[0] if match[0] in UUIDS else "UUID", text)
        for pattern, word in _DRAWN:
            text = pattern.sub(word, text)
        return text.replace(self.folder, TMP)


Maker = Callable[[Iterable["Family"]], Side]


def makers(real: Any, fake: Any) -> tuple[Maker, Maker]:
    """Return what makes the two sides: libvirt's test driver, and the fake's."""
    uri = "test:///default"
    return (lambda families: Side(real, uri, families), lambda families: Side(fake, uri, families))


def _silent(_context: Any, _error: Any) -> None:
    """Print nothing."""


_prepared: set[str] = set()


def prepare_loop(module: Any) -> None:
    """Give *module* a loop that never waits: a timer is always due."""
    if module.__name__ not in _prepared:
        _prepared.add(module.__name__)
        module.virEventRegisterDefaultImpl()
        module.virEventAddTimeout(0, lambda *_: None, None)
