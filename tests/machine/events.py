"""Who listens to what, on two connections to one host: ids, order of delivery, events of one domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine import documents
from tests.machine.domains import summary
from tests.machine.kinds import CONNECTION, Family, Kind, Step, calls, flags, some

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.machine.side import Side

_WHERE = some("first", "second")
_ABOUT = some(None, None, "test", "a")
_LIFECYCLE, _REBOOT, _METADATA, _WATCHDOG = 0, 1, 23, 3


@dataclass(frozen=True)
class Act(Kind):
    """An operation on the side itself."""

    act: Callable[..., Any] = lambda side: side

    def run(self, side: Side, step: Step) -> Any:
        """Do it on *side*."""
        return self.act(side, *step.arguments)


def _connection(side: Side, where: str) -> Any:
    if where == "first":
        return side.conn
    if where not in side.others:
        side.others[where] = side.module.open("test:///default")
    return side.others[where]


def _listener(side: Side, name: str) -> Callable[..., None]:
    def listen(_conn: Any, subject: Any, *details: Any) -> None:
        side.events.append((name, side.see(subject, keep=False), details[:-1]))

    return listen


def _listen(side: Side, where: str, about: str | None, event: int) -> Any:
    conn = _connection(side, where)
    domain = None if about is None else conn.lookupByName(about)
    name = f"{where} {about} {event}"
    number = conn.domainEventRegisterAny(domain, event, _listener(side, name), None)
    side.listening.append((where, number))
    side.afterwards.append(lambda: conn.domainEventDeregisterAny(number))
    return number


def _stop(side: Side, where: str, place: int) -> Any:
    known = [number for at, number in side.listening if at == where]
    number = known[place] if place < len(known) else 1 << 30
    answer = _connection(side, where).domainEventDeregisterAny(number)
    side.listening.remove((where, number))
    return answer


def _networks(side: Side, where: str) -> Any:
    conn = _connection(side, where)
    number = conn.networkEventRegisterAny(None, 0, _listener(side, f"{where} network"), None)
    side.afterwards.append(lambda: conn.networkEventDeregisterAny(number))
    return number >= 0


def _old(side: Side, where: str, name: str) -> Any:
    listener = side.old_style.setdefault(f"{where} {name}", _listener(side, f"{where} old {name}"))
    conn = _connection(side, where)
    side.afterwards.append(lambda: conn.domainEventDeregister(listener))
    return conn.domainEventRegister(listener, None)


def _old_stop(side: Side, where: str, name: str) -> Any:
    listener = side.old_style.get(f"{where} {name}")
    return None if listener is None else _connection(side, where).domainEventDeregister(listener)


_ACTS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "listen": (
        _listen,
        (_WHERE, _ABOUT, some(_LIFECYCLE, _LIFECYCLE, _REBOOT, _METADATA, _WATCHDOG, 99, -1)),
    ),
    "stop": (_stop, (_WHERE, some(0, 1, 2, 9))),
    "listen to networks": (_networks, (_WHERE,)),
    "listen the old way": (_old, (_WHERE, some("one", "two"))),
    "stop the old way": (_old_stop, (_WHERE, some("one", "two"))),
}
_DOMAIN: dict[str, tuple[Any, ...]] = {
    "create": (),
    "destroy": (),
    "suspend": (),
    "resume": (),
    "undefine": (),
    "rename": (some("b", "c"), flags()),
    "setMetadata": (some(1), some("words"), st.none(), st.none(), some(0)),
    "reboot": (some(0),),
}
events = Family(
    "events",
    (
        *(Act(name, CONNECTION, "", arguments, act=act) for name, (act, arguments) in _ACTS.items()),
        *calls("domain", _DOMAIN, 3),
        Kind("events.defineXML", CONNECTION, "defineXML", (documents.good,)),
        Kind("events.createXML", CONNECTION, "createXML", (documents.good, some(0)), weight=3),
        Kind("network.destroy", "network", "destroy"),
        Kind("network.create", "network", "create"),
    ),
    {"domain": ("test", "a"), "network": ("default",)},
    some(
        [],
        [Step("listen", "", "", ("first", None, 0))],
        [Step("listen", "", "", ("first", None, 0)), Step("listen", "", "", ("second", None, 0))],
    ),
    summary,
)
