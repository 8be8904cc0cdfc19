"""No two domains have one name or one UUID: which one is meant, and which is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.state.records import DomainRecord

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session


def known(session: Session, uuid: str, name: str) -> DomainRecord | None:
    """Return the domain that has both, None if there is none.

    Raises:
        libvirtError: a domain has one of them and not the other.
    """
    same = session.find(uuid)
    named = same if same is not None and same.name == name else session.find_name(name)
    if same is not None and same.name != name:
        message = f"domain '{same.name}' is already defined with uuid {same.uuid}"
        fail(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_DOMAIN, message)
    if named is not None and named is not same:
        message = f"domain '{named.name}' already exists with uuid {named.uuid}"
        fail(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_DOMAIN, message)
    return same


def known_off(session: Session, uuid: str, name: str) -> DomainRecord | None:
    """Return the same, if it is not active."""
    record = known(session, uuid, name)
    if record is not None and record.active:
        message = f"domain '{record.name}' is already active"
        fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN, message)
    return record


def room_for(session: Session, uuid: str, name: str) -> DomainRecord:
    """Return the record in which a guest can start: that of a domain that is off, or a new one."""
    record = known_off(session, uuid, name)
    if record is None:
        record = DomainRecord(uuid, name)
        session.insert(record)
    return record
