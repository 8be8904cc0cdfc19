"""What the classes of everything but domains stand on: networks, pools, volumes, secrets, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, get_args

from virtkit.fake.handles import FAMILIES, Named, Wrapper
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

T = TypeVar("T", bound=Stored)


class ObjectBase(Wrapper, Generic[T]):
    """An object of a connection, with a record of the kind that its class names: ``ObjectBase[Network]``.

    The class argument ``family`` names the family of the events about it.
    """

    _kind: ClassVar[type[Any]]
    _wraps = Named
    _o: Named

    def __init_subclass__(cls, family: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            kinds = get_args(base)
            if kinds and isinstance(kinds[0], type) and issubclass(kinds[0], Stored):
                cls._kind = kinds[0]
        if family:
            FAMILIES[family] = cls

    def _find(self, session: Session) -> T:
        """Return the record that is meant, or raise that it is gone."""
        record: T | None = session.object(self._kind, self._o.key)
        if record is None:
            self._missing()
        return record

    def _missing(self) -> NoReturn:
        """Raise what the driver says of an object that is gone."""
        raise NotImplementedError
