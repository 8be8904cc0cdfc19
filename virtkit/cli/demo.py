"""A domain's life, step by step: what ``virtkit demo`` shows, and anyone can run on a host of theirs.

::

    steps = demo.run(host, lambda: virtkit.render("minimal", name="demo"), on_step=print)

Each step is timed, and ends with the state read back from libvirt. What a driver does not have is skipped;
if a step fails, what was made is removed, and the error goes on to the caller.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from virtkit import clock
from virtkit.cli.progress import figures
from virtkit.errors import AlreadyExists, HostError, NotFound, NotSupported, VirtkitError
from virtkit.host import Domain

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.host import Connection, MigrationProgress

    Act = Callable[[Domain], str | None]

Outcome = Literal["ok", "skipped", "failed"]
NOT_SUPPORTED = "not supported by this driver"
_STOP_TIMEOUT = 5.0  # seconds; a guest without an operating system never hears the request


class Step(NamedTuple):
    """One step as it went.

    Attributes:
        name: ``"render"``, ``"define"``, ``"start"``, ``"suspend"`` ...
        outcome: ``"ok"``, ``"skipped"`` or ``"failed"``.
        seconds: How long it took.
        state: The domain's state after it, as ``str(status)``; None while there is no domain.
        detail: What else is worth saying: a migration's figures, why it was skipped, the error.
        uri: The connection on which the domain is after it.
    """

    name: str
    outcome: Outcome
    seconds: float
    state: str | None
    detail: str
    uri: str


def run(
    host: Connection,
    render: Callable[[], str],
    *,
    migrate_to: Connection | None = None,
    save_path: str | None = None,
    stop_timeout: float = _STOP_TIMEOUT,
    on_step: Callable[[Step, Domain | None], object] | None = None,
    on_xml: Callable[[str], object] | None = None,
    on_progress: Callable[[MigrationProgress], object] | None = None,
) -> list[Step]:
    """Take a domain through its life on *host*, and return the steps.

    Args:
        host: Where it begins and ends.
        render: Returns the domain's XML; called in the first step.
        migrate_to: Another host, to which it migrates and comes back.
        save_path: A file on the host for the step ``save``; default: in /var/tmp, named after the domain.
        stop_timeout: Seconds that the guest has to shut down in the end; then it is destroyed.
        on_step: Called after each step with it and the domain (None before it is defined, and after the
            end): the place to look into the guest.
        on_xml: Called with the XML once it is rendered.
        on_progress: Called with the progress of migrations.

    Raises:
        AlreadyExists: A domain of that name is there, on either host; nothing is done to it.
        VirtkitError: A step failed; what was made has been removed.
    """
    return _Run(host, migrate_to, save_path, stop_timeout, on_step, on_xml, on_progress).life(render)


class _Run:
    def __init__(
        self,
        host: Connection,
        away: Connection | None,
        save_path: str | None,
        stop_timeout: float,
        on_step: Callable[[Step, Domain | None], object] | None,
        on_xml: Callable[[str], object] | None,
        on_progress: Callable[[MigrationProgress], object] | None,
    ) -> None:
        self.host = host
        self.away = away
        self.file = save_path or ""
        self.stop_timeout = stop_timeout
        self.on_step = on_step
        self.on_xml = on_xml
        self.on_progress = on_progress
        self.xml = ""
        self.domain: Domain | None = None
        self.steps: list[Step] = []

    def life(self, render: Callable[[], str]) -> list[Step]:
        self.step("render", lambda: self.rendered(render))
        self.refuse_existing()
        try:
            self.step("define", self.define)
            self.step("start", self.start)
            self.pair(("suspend", Domain.suspend), ("resume", Domain.resume))
            self.pair(("save", self.save), ("restore", self.restore))
            self.pair(("managed save", Domain.managed_save), ("start", Domain.start))
            if self.away is not None:
                self.pair(("migrate", self.migrate), ("migrate back", self.migrate))
            self.step("stop", self.stop)
            self.step("delete", self.delete)
        except BaseException:
            self.clean_up()
            raise
        finally:
            self.remove_file()
        return self.steps

    @property
    def here(self) -> Domain:
        assert self.domain is not None, "no domain before the step 'define'"  # noqa: S101
        return self.domain

    # --- how a step goes

    def pair(self, first: tuple[str, Act], second: tuple[str, Act]) -> None:
        """Do two steps, of which the second takes back the first: not without it."""
        if self.step(first[0], lambda: first[1](self.here)):
            self.step(second[0], lambda: second[1](self.here))

    def step(self, name: str, act: Callable[[], str | None]) -> bool:
        """Do one step, tell about it, and return whether it was done."""
        now = clock.current()
        begin = now.monotonic()
        try:
            detail = act() or ""
        except NotSupported:
            self.tell(name, "skipped", now.monotonic() - begin, NOT_SUPPORTED)
            return False
        except VirtkitError as error:
            self.tell(name, "failed", now.monotonic() - begin, str(error))
            raise
        self.tell(name, "ok", now.monotonic() - begin, detail)
        return True

    def tell(self, name: str, outcome: Outcome, seconds: float, detail: str) -> None:
        state = None
        with suppress(HostError):
            state = str(self.domain.status()) if self.domain is not None else None
        uri = self.domain.connection.uri if self.domain is not None else self.host.uri
        step = Step(name, outcome, seconds, state, detail, uri)
        self.steps.append(step)
        if self.on_step is not None:
            self.on_step(step, self.domain)

    # --- the steps

    def rendered(self, render: Callable[[], str]) -> None:
        self.xml = render()
        if self.on_xml is not None:
            self.on_xml(self.xml)

    def refuse_existing(self) -> None:
        from virtkit.model import Domain as Document

        name = Document.parse(self.xml).name or ""
        for host in (self.host, self.away):
            if host is not None and name in host.domains:
                hint = "choose another name; this one is left alone"
                raise AlreadyExists(
                    "it is there already", operation="demo", name=name, uri=host.uri, hint=hint
                )
        self.file = self.file or f"/var/tmp/{name}.save"  # noqa: S108 - on the host, which is elsewhere

    def define(self) -> None:
        self.domain = self.host.domains.define(self.xml)

    def start(self) -> None:
        self.here.start()

    def save(self, domain: Domain) -> str:
        domain.save(self.file)
        return self.file

    def restore(self, _domain: Domain) -> None:
        self.domain = self.host.restore(self.file)

    def migrate(self, domain: Domain) -> str:
        """Go to the other host, whichever that is now."""
        assert self.away is not None  # noqa: S101
        to = self.away if domain.connection is self.host else self.host
        moved = domain.migrate(to, on_progress=self.on_progress)
        self.domain = moved.domain
        return f"to {to.uri}, {figures(moved)}"

    def stop(self) -> None:
        self.here.stop(timeout=self.stop_timeout, force=True)

    def delete(self) -> None:
        self.here.delete()
        self.domain = None

    # --- the end

    def clean_up(self) -> None:
        """Remove the domain wherever it is; what fails now is no news."""
        if self.domain is None:
            return
        for host in (self.host, self.away):
            if host is None:
                continue
            with suppress(HostError):
                left = host.domains[self.domain.name]
                with suppress(HostError):
                    left.destroy()
                with suppress(NotFound):
                    left.delete()

    def remove_file(self) -> None:
        """Remove the saved state, if the host is this machine; elsewhere it stays in its /var/tmp."""
        with suppress(OSError):
            Path(self.file).unlink()
