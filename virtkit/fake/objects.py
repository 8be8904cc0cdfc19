"""What the classes of everything but domains stand on: networks, pools, volumes, secrets, ..."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, get_args

from virtkit.fake.handles import FAMILIES, Named
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from virtkit.fake.connection import virConnect
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

T = TypeVar("T", bound=Stored)


class ObjectBase(Generic[T]):
    """An object of a connection, with a record of the kind that its class names: ``ObjectBase[Network]``.

    The class argument ``family`` names the family of the events about it.
    """

    _kind: ClassVar[type[Any]]

    def __init_subclass__(cls, family: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            kinds = get_args(base)
            if kinds and isinstance(kinds[0], type) and issubclass(kinds[0], Stored):
                cls._kind = kinds[0]
        if family:
            FAMILIES[family] = cls

    def __init__(self, conn: virConnect, _obj: Named | None = None) -> None:
        if not isinstance(_obj, Named):
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

    def _find(self, session: Session) -> T:
        """Return the record that is meant, or raise that it is gone."""
        record: T | None = session.object(self._kind, self._o.key)
        if record is None:
            self._missing()
        return record

    def _missing(self) -> NoReturn:
        """Raise what the driver says of an object that is gone."""
        raise NotImplementedError
