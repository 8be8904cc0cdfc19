"""What happens by itself when its time has come: one handler an action."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from virtkit import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import Due
    from virtkit.fake.store.session import Session

Handler: TypeAlias = "Callable[[Host, Session, Due], None]"
_handlers: dict[str, Handler] = {}


def happens(action: str) -> Callable[[Handler], Handler]:
    """Have the decorated function called when *action* is due (see ``Host.after``)."""

    def decorate(handler: Handler) -> Handler:
        _handlers[action] = handler
        return handler

    return decorate


def settle(host: Host, session: Session) -> None:
    """Let happen, in order, what is due by now."""
    now = clock.current().time()
    while (due := session.take_due(now)) is not None:
        _handlers[due.action](host, session, due)
