"""What a guest prints on its console, as it comes, and who reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkit.fake.due import happens
from virtkit.fake.guest import life
from virtkit.fake.guest.manners import of

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, Due
    from virtkit.fake.store.session import Session
    from virtkit.fake.streams import Pipe

_PRINTS = "prints"
_TIMED = re.compile(r"(\d+(?:\.\d+)?): ?(.*)")


def say(host: Host, record: DomainRecord, text: str) -> None:
    """The guest prints *text*: whoever has the console open reads it."""
    for _, line in host.lines.get(record.uuid, {}).values():
        line.feed(text.encode())


def script(text: str) -> list[tuple[float, str]]:
    """Return when a guest prints what: a line that begins ``SECONDS:`` then, others with the one before."""
    found: list[tuple[float, str]] = []
    when = 0.0
    for line in text.splitlines():
        timed = _TIMED.match(line)
        when = float(timed[1]) if timed else when
        found.append((when, timed[2] if timed else line))
    return found


def listen(host: Host, session: Session, record: DomainRecord, alias: str, number: int, line: Pipe) -> None:
    """Have *line* say what the guest prints from now on."""
    host.lines.setdefault(record.uuid, {})[alias] = (number, line)
    follow(host, session, record)


def follow(host: Host, session: Session, record: DomainRecord) -> None:
    """See to it that what the guest will print is said when its time comes."""
    session.cancel(record.uuid, _PRINTS)
    now = life.uptime(host, record)
    for number, (when, text) in enumerate(script(of(host, record).console)):
        if when == now:
            say(host, record, text + "\r\n")
        elif when > now:
            host.after(session, when - now, _PRINTS, record.uuid, str(number))


@happens(_PRINTS)
def _print(host: Host, session: Session, due: Due) -> None:
    record = session.find(due.uuid)
    if record is not None and record.active:
        lines = script(of(host, record).console)
        if int(due.detail) < len(lines):
            say(host, record, lines[int(due.detail)][1] + "\r\n")
