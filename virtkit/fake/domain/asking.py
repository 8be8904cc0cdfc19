"""virDomain: how libvirt talks to a guest's agent."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import make
from virtkit.fake.guest import life
from virtkit.fake.guest.manners import of

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", bound="Asking")

_PATIENCE = 5  # seconds that libvirt waits for the agent's first word
_SHORTEST = c.VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK


class Silence(Exception):
    """The agent does not answer: wait, with the host unlocked, and give up with the error *code*."""

    def __init__(
        self,
        seconds: float,
        code: int = c.VIR_ERR_AGENT_UNRESPONSIVE,
        detail: str = "Guest agent not available for now",
    ) -> None:
        super().__init__(detail)
        self.seconds, self.code, self.detail = seconds, code, detail


def agent_call(
    function: str, *, write: bool = True, before: str | None = None
) -> Callable[[Callable[Concatenate[D, Session, DomainRecord, P], R]], Callable[Concatenate[D, P], R]]:
    """Make a method of virDomain that asks the agent, as ``domain_call`` does, with its patience."""

    def decorate(
        method: Callable[Concatenate[D, Session, DomainRecord, P], R],
    ) -> Callable[Concatenate[D, P], R]:
        inner = domain_call(function, write=write, before=before)(method)

        @wraps(inner)
        def call(self: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return inner(self, *args, **kwargs)
            except Silence as caught:
                silence = caught
            clock.current().sleep(silence.seconds)
            raise make(silence.code, c.VIR_FROM_QEMU, silence.detail)

        return call

    return decorate


class Asking(DomainBase):
    """Asking, with libvirt's checks."""

    def _active(self, record: DomainRecord) -> None:
        """Refuse when the domain is off, as libvirt's common code does."""
        if not record.active:
            self._refuse("domain is not running", source=c.VIR_FROM_DOMAIN)

    def _agent_there(self, record: DomainRecord) -> None:
        """Refuse when there is no agent to ask."""
        if record.state != c.VIR_DOMAIN_RUNNING:
            self._refuse("domain is not running")
        if not life.agent_connected(record):
            if record.facts.has_agent:
                self._refuse("QEMU guest agent is not connected", c.VIR_ERR_AGENT_UNRESPONSIVE)
            self._refuse("QEMU guest agent is not configured", c.VIR_ERR_ARGUMENT_UNSUPPORTED)

    def _ask(self, session: Session, record: DomainRecord, command: str, **arguments: Any) -> Any:
        """Return what the agent returns to *command*."""
        self._agent_there(record)
        named = {key.replace("_", "-"): value for key, value in arguments.items()}
        request = {"execute": command, "arguments": named} if named else {"execute": command}
        reply = self._talk(session, record, request)
        return None if reply is None else reply["return"]

    def _ask_if_it_can(self, session: Session, record: DomainRecord, command: str) -> Any:
        """Return what the agent returns to *command*, None if it does not have that, or not now."""
        self._agent_there(record)
        reply = self._talk(session, record, {"execute": command}, unless_lacking=frozenset({command}))
        return None if reply is None else reply["return"]

    def _talk(
        self,
        session: Session,
        record: DomainRecord,
        request: Any,
        patience: float | None = None,
        unless_lacking: frozenset[str] = frozenset(),
    ) -> dict[str, Any] | None:
        """Return the agent's reply to *request*: None if it goes down with its guest instead."""
        from virtkit.fake.agent import Inside, answer

        limit = self._patience(record)
        if not of(self._host, record).agent_answers:
            raise Silence(limit)
        if limit == 0 or patience == 0:  # not even an agent that answers is waited for
            raise Silence(0.0)
        reply = answer(Inside(self._host, session, record), request)
        if reply is not None and "error" in reply:
            name = request.get("execute", "<unknown>") if isinstance(request, dict) else "<unknown>"
            if reply["error"]["class"] == "CommandNotFound" and name in unless_lacking:
                return {"return": None}
            message = f"unable to execute QEMU agent command '{name}': {reply['error']['desc']}"
            self._refuse(message, c.VIR_ERR_INTERNAL_ERROR)
        return reply

    @staticmethod
    def _patience(record: DomainRecord) -> float:
        told: int = record.extra.get("agent timeout", c.VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK)
        return min(told, _PATIENCE) if told >= 0 else _PATIENCE

    def _check_timeout(self, timeout: int) -> None:
        if timeout < _SHORTEST:
            message = f"guest agent timeout '{timeout}' is less than the minimum '{_SHORTEST}'"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)


def disk_target(device: str) -> str:
    """Return which of the domain's disks the guest's *device* is, or is on."""
    return device.removeprefix("/dev/").rstrip("0123456789")
