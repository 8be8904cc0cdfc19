"""What is set from outside the process: by the URI's query, and by environment variables.

::

    fake:///one?boot_time=30&acpi=no&cpus=4&memory=8GiB&clock=100x&fault=create:code=OPERATION_FAILED,nth=2
    VIRTKIT_FAKE_FAULTS="suspend:delay=30; shutdown:drop=after"
    VIRTKIT_FAKE_CLOCK=100x

A query's keys are those of ``virtkit.fake.guest.Guest``, those of ``SETTINGS`` below, ``fault`` (which alone
may be there more than once; ``virtkit.fake.faults.read`` says how it is written) and ``clock``. They are set
when the connection is opened, and stay: of a host in memory as long as the process, of a file (guests'
manners and faults) for all who open it. The environment's faults are its process's.

A clock is ``real``, ``held`` (time passes only when somebody waits, then at once) or, as ``100x``, faster
than the machine's. It is the whole process's. A file's clock is that of every process that opens it.
"""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake import faults
from virtkit.fake.errors import fail
from virtkit.fake.settings import GUEST, HOST, NoSetting, of_guest, of_host

if TYPE_CHECKING:
    from virtkit.fake.faults import Fault
    from virtkit.fake.host import Host

FAULTS, CLOCK = "VIRTKIT_FAKE_FAULTS", "VIRTKIT_FAKE_CLOCK"
_PYTHONS_OWN = {"name", "uuid", "cells", "pages", "sysinfo", "sev"}
_SCALE = re.compile(r"(\d+(?:\.\d+)?)x$")
# attributes of a Host that a text can say, and that are for a program's user to say
SETTINGS = [name for name in HOST if name not in _PYTHONS_OWN]
_lock = threading.Lock()
_chosen = "real"  # the clock that was asked for from outside


def configure(host: Host, uri: str, query: str) -> None:
    """Set what the *query* of *uri* and the environment ask of *host*.

    Raises:
        libvirtError: a key is unknown or a value means nothing: nothing of the query is set then.
    """
    environment = os.environ.get(FAULTS), os.environ.get(CLOCK)
    try:
        asked = _read(query)
        mine = faults.read_all(environment[0] or "")
        _set_clock(host, asked.clock or environment[1])
    except ValueError as error:
        _refuse(uri, error)
    for key, value in asked.guest.items():
        setattr(host.guest, key, value)
    for key, value in asked.host.items():
        setattr(host, key, value)
    for fault in asked.faults:
        host.faults.keep(fault)
    for fault in mine:
        host.faults.keep(fault, here=True)


def _refuse(uri: str, error: ValueError) -> NoReturn:
    fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, f"{uri.partition('?')[0]}: {error}")


@dataclass
class _Asked:
    """What a query asks for."""

    guest: dict[str, Any] = field(default_factory=dict)
    host: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    clock: str | None = None


def _read(query: str) -> _Asked:
    asked = _Asked()
    seen: set[str] = set()
    for key, text in parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []:
        if key in seen and key != "fault":
            raise ValueError(f"{key} is there twice")
        seen.add(key)
        if key == "fault":
            asked.faults.append(faults.read(text))
        elif key == "clock":
            asked.clock = text
        elif key in GUEST:
            asked.guest[key] = of_guest(key, text)
        elif key in SETTINGS:
            asked.host[key] = of_host(key, text)
        else:
            raise NoSetting("the URI of a fake host", key, ["clock", "fault", *SETTINGS, *GUEST])
    return asked


def _set_clock(host: Host, wanted: str | None) -> None:
    """Have the process use the clock that is *wanted*, or the file's."""
    if host.store.shared:
        wanted, origin = _file_clock(host, wanted)
    else:
        origin = None
    if wanted is not None:
        _use(wanted, origin)


def _file_clock(host: Host, wanted: str | None) -> tuple[str | None, float | None]:
    """Return the clock of the host's file, which the first who asks for one sets, and when it began."""
    kept = host.store.peek("clock")
    if kept is None and wanted is not None and _SCALE.match(wanted):
        with host as session:
            kept = session.setting("clock") or {"scale": wanted, "origin": clock.SystemClock().time()}
            session.put_setting("clock", kept)
    if kept is None:
        return wanted, None
    if wanted not in {None, kept["scale"]}:
        raise ValueError(f"clock={wanted!r}: the file's clock is {kept['scale']} already")
    return kept["scale"], kept["origin"]


def _use(wanted: str, origin: float | None) -> None:
    global _chosen
    scale = _SCALE.match(wanted)
    if not scale and wanted not in {"real", "held"}:
        raise ValueError(f"clock={wanted!r}: expected real, held, or a scale such as 100x")
    with _lock:
        now = clock.current()
        ours = isinstance(now, clock.SystemClock) or _chosen != "real"
        if wanted == _chosen or not ours:  # a test that holds the clock has the last word
            return
        if _chosen != "real":
            raise ValueError(f"clock={wanted!r}: this process's clock is {_chosen} already")
        if scale:
            clock.switch(clock.ScaledClock(float(scale[1]), origin))
        elif wanted == "held":
            clock.switch(clock.VirtualClock())
        _chosen = wanted


def reset() -> None:
    """Use the machine's clock again, if another was chosen from outside."""
    global _chosen
    with _lock:
        if _chosen != "real":
            clock.switch(clock.SystemClock())
            _chosen = "real"
