"""What virDomainSnapshot and virDomainCheckpoint have in common: they hang on a domain."""
# ruff: noqa: SLF001

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from virtkit.fake.handles import Named
from virtkit.fake.objects import ObjectBase
from virtkit.fake.snapshot.tree import Moment, Moments

if TYPE_CHECKING:
    from virtkit.fake.connection import virConnect
    from virtkit.fake.domain import virDomain
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

M = TypeVar("M", bound=Moment)


@dataclass(slots=True)
class Found(Generic[M]):
    """The moment that a handle means, among those of its domain."""

    domain: DomainRecord
    known: Moments[M]
    moment: M


class MomentHandle(ObjectBase[Any]):
    """A moment of a domain, by name."""

    def __init__(self, dom: virDomain, _obj: Named | None = None) -> None:
        super().__init__(dom.connect(), _obj)
        self._dom = dom

    def _domain_record(self, session: Session) -> DomainRecord:
        record = session.find(self._dom._o.uuid)
        if record is None:
            self._dom._missing()
        return record

    def domain(self) -> virDomain:
        return self._dom

    def getDomain(self) -> virDomain:
        return self._dom

    def getConnect(self) -> virConnect:
        return self._conn

    def getName(self) -> str:
        return self._o.name

    def _another(self, name: str) -> Any:
        """Return the handle of another moment of this domain."""
        return type(self)(self._dom, Named(self._o.key, name))
