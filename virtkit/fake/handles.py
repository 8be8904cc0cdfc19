"""What libvirt-python's objects wrap (a pointer there, a few facts here), and how they hold a connection."""
# ruff: noqa: SLF001

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from virtkit.fake.connection import virConnect
    from virtkit.fake.host import Host


@dataclass(slots=True)
class Handle:
    """Which domain an object means, and the id that it had when it was looked up."""

    uuid: str
    name: str
    id: int


@dataclass(slots=True)
class Named:
    """Which object that is no domain is meant: its record's key, its name, a number that goes with it."""

    key: str
    name: str
    number: int = 0  # a secret's usage type


FAMILIES: dict[str, type[Any]] = {}  # by the family of their events, the classes of what events are about


class Wrapper:
    """An object of a connection: one that was closed lets go of its host when the last of them is gone."""

    _wraps: ClassVar[type[Any]]
    _o: Any

    def __init__(self, conn: virConnect, _obj: object = None) -> None:
        if not isinstance(_obj, self._wraps):
            raise Exception(f"Expected a wrapped C Object but got {type(_obj)}")  # noqa: TRY002, TRY004
        self._conn = conn
        self._o = _obj
        conn._handles += 1

    def __del__(self) -> None:
        conn = getattr(self, "_conn", None)
        if conn is not None:
            conn._handles -= 1
            if not conn._open and not conn._handles:
                conn._let_go()

    @property
    def _host(self) -> Host:
        return self._conn._host

    def connect(self) -> virConnect:
        return self._conn

    def c_pointer(self) -> int:
        return id(self._o)
