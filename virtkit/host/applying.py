"""Make a definition what somebody wants it to be, and say what that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from virtkit import tree
from virtkit.errors import HostError
from virtkit.host.status import DomainState

if TYPE_CHECKING:
    from virtkit.host.connection import Connection
    from virtkit.host.domain import Domain
    from virtkit.model import Difference


@dataclass(frozen=True, slots=True)
class Applied:
    """What ``apply`` found and did.

    Attributes:
        outcome: ``"created"``, also for a transient domain, which has a definition now; ``"updated"``: the
            definition was another one; ``"unchanged"``: all that was stated was there already, and nothing
            was written.
        domain: The domain; None after a dry run for one that does not exist.
        changes: What was not as stated, each with its path and both values.
        restart_required: It is running without some of what was stated, and gets it when it starts again.
        saved: It has a managed save image, and the next ``start()`` goes on with the old hardware from there.
        refused: What was stated and is still not there: libvirt left it out without an error.
    """

    outcome: Literal["created", "updated", "unchanged"]
    domain: Domain | None
    changes: tuple[Difference, ...] = ()
    restart_required: bool = False
    saved: bool = False
    refused: tuple[Difference, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the definition was, or in a dry run would be, written."""
        return self.outcome != "unchanged"


def apply(
    connection: Connection,
    xml: str,
    *,
    prune: bool = False,
    saved: Literal["resume", "discard"] = "resume",
    dry_run: bool = False,
) -> Applied:
    """Make the definition of a domain what *xml* states; `Domains.apply` describes it.

    If the result cannot be read back, the old definition is put back.
    """
    from virtkit import model

    wanted = tree.parse(xml, "domain XML")
    domain = connection.domains.get((wanted.findtext("name") or "").strip())
    if domain is None:
        return _create(connection, xml, dry_run=dry_run)
    before = _definition(domain)
    changes = tuple(model.diff(xml, before, extra=prune))
    _refuse_other_uuid(connection, changes, domain)
    transient = not domain.is_persistent()
    if not changes and not transient:
        return _applied("unchanged", domain, xml, changes, discard=False)
    if dry_run:
        return _applied("created" if transient else "updated", domain, xml, changes, discard=False)
    new = model.carry_over(xml, before) if prune else model.merge(before, xml)
    connection.domains.define_raw(new)
    try:
        after = _definition(domain)
        refused = tuple(model.diff(xml, after))
        if transient:
            return _applied("created", domain, xml, changes, refused, discard=False)
        same = tree.equal(tree.parse(before), tree.parse(after))
        outcome: Literal["unchanged", "updated"] = "unchanged" if same else "updated"
        return _applied(outcome, domain, xml, changes, refused, discard=saved == "discard" and not same)
    except HostError:
        if transient:
            domain.undefine()
        else:
            connection.domains.define_raw(before)
        raise


def _create(connection: Connection, xml: str, *, dry_run: bool) -> Applied:
    if dry_run:
        return Applied("created", None)
    from virtkit import model

    domain = connection.domains.define(xml)
    try:
        return Applied("created", domain, refused=tuple(model.diff(xml, _definition(domain))))
    except HostError:
        domain.undefine()
        raise


def _applied(
    outcome: Literal["created", "updated", "unchanged"],
    domain: Domain,
    xml: str,
    changes: tuple[Difference, ...],
    refused: tuple[Difference, ...] = (),
    *,
    discard: bool,
) -> Applied:
    from virtkit import model

    status = domain.status()
    hopeless = {each.path for each in refused}
    restart = status.active and any(each.path not in hopeless for each in model.diff(xml, domain.xml()))
    image = False
    if status.state is DomainState.SHUTOFF:
        image = domain.has_managed_save()
        if image and discard:
            domain.discard_managed_save()
            image = False
    return Applied(outcome, domain, changes, restart_required=restart, saved=image, refused=refused)


def _definition(domain: Domain) -> str:
    """What the next start uses, with passwords, which would be lost otherwise when it is written again."""
    return domain.xml(inactive=True, secure=not domain.connection.readonly)


def _refuse_other_uuid(connection: Connection, changes: tuple[Difference, ...], domain: Domain) -> None:
    other = next((change for change in changes if change.path == "domain/uuid"), None)
    if other is not None:
        from virtkit.host.domains import other_uuid

        raise other_uuid(connection, domain, str(other.wanted))
