"""What every part of a spec has in common: strict keys, short forms, SpecError, short dicts."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from virtkit.errors import Problem, SpecError
from virtkit.spec.problems import explain, part_in
from virtkit.spec.values import Bytes, SecretText
from virtkit.units import format_size

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

T = TypeVar("T")

COMPLETED = "_completed"
"""The mark of a part that has all that XML needs; no field's name begins with '_'."""


class PartMeta(ModelMetaclass):
    """Makes ``Part(...)`` raise SpecError, and keeps type checkers from refusing ``memory="2GiB"``."""

    def __call__(cls: type[T], /, **values: Any) -> T:  # noqa: N805 # a metaclass
        """Build the part from keyword arguments; see its class for them."""
        return cls.from_dict(values)  # type: ignore[attr-defined,no-any-return]


class Part(BaseModel, metaclass=PartMeta):
    """A part of a spec. Unknown keys are refused, and assignments are checked like arguments."""

    model_config = ConfigDict(
        extra="forbid",
        validate_assignment=True,
        hide_input_in_errors=True,
        defer_build=True,
        use_attribute_docstrings=True,
        ser_json_inf_nan="constants",
    )

    short: ClassVar[str | None] = None
    """The field that a bare value stands for: ``graphics: vnc`` is ``graphics: {type: vnc}``."""

    placeholders: ClassVar[dict[str, Any]] = {}
    """Values for required fields, with which the rest can be checked when one of these is wrong."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """Return the mapping that a short form stands for; anything else comes back as it is."""
        if value is True:
            return {}
        if cls.short is not None and isinstance(value, str | int) and not isinstance(value, bool):
            return {cls.short: value}
        return value

    @model_validator(mode="before")
    @classmethod
    def _from_short(cls, value: Any) -> Any:
        return cls.expand(value)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Build from a mapping, as ``to_dict`` returns it.

        Raises:
            SpecError: with every problem that the mapping has, each with its path.
        """
        try:
            made = cls.model_validate(data)
        except ValidationError as error:
            raise SpecError([*explain(cls, error), *cls._others(data, error)], what=cls.what()) from None
        made.verify()
        return made

    @classmethod
    def _others(cls, data: Any, error: ValidationError) -> list[Problem]:
        """Return what the rules say about those parts of *data* that *error* does not speak of."""
        wrong = {str(details["loc"][0]) for details in error.errors(include_url=False) if details["loc"]}
        if not isinstance(data, dict) or not wrong or wrong & {"type", "os_type"}:
            return []
        sound = {key: value for key, value in data.items() if key not in wrong}
        try:
            rest = cls.model_validate(cls.placeholders | sound)
        except ValidationError:
            return []
        return [problem for problem in rest.problems() if re.split(r"[.\[]", problem.path)[0] not in wrong]

    def filled(self, changes: dict[str, Any]) -> Self:
        """Return a copy with *changes*, marked as completed: nothing more is filled in.

        It does what ``model_copy(update=changes)`` does in a fifth of its time.
        """
        copied = object.__new__(type(self))
        object.__setattr__(copied, "__dict__", {**self.__dict__, **changes, COMPLETED: True})
        object.__setattr__(copied, "__pydantic_fields_set__", set(self.__pydantic_fields_set__))
        object.__setattr__(copied, "__pydantic_extra__", None)
        object.__setattr__(copied, "__pydantic_private__", None)
        return copied

    def verify(self) -> None:
        """Check how the fields go together, which single assignments do not.

        Raises:
            SpecError: with every problem.
        """
        found = list(self.problems())
        if found:
            raise SpecError(found, what=self.what())

    def problems(self, path: str = "") -> Iterator[Problem]:
        """Yield every problem of this part, which is at *path*, and of the parts in it."""
        for field, message in self.rules():
            yield Problem(f"{path}.{field}" if path and field else path or field, message)
        for name in _with_parts(type(self)):
            value = getattr(self, name)
            if not value:
                continue
            here = f"{path}.{name}" if path else name
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from item.problems(f"{here}[{index}]")
            elif isinstance(value, Part):
                yield from value.problems(here)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the fields together: the name of one, and a message."""
        yield from ()

    @classmethod
    def what(cls) -> str:
        """Return the word for this part in messages: ``disk`` for DiskSpec."""
        return cls.__name__.removesuffix("Spec").lower()

    def to_dict(self) -> dict[str, Any]:
        """Return what differs from the defaults, as plain dicts, lists, strings and numbers."""
        found = {name: _plain(value) for name, value in self._stated()}
        if not found and self.short is not None and getattr(self, self.short) is not None:
            found[self.short] = _plain(getattr(self, self.short))
        return found

    def _stated(self) -> Iterator[tuple[str, Any]]:
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            factory = field.default_factory
            if field.is_required() or value != (field.default if factory is None else factory()):  # type: ignore[call-arg]
                yield name, value

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except ValidationError as error:
            raise SpecError(explain(type(self), error), what=self.what()) from None

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return list(self._stated())

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        full = handler(core)
        accepted: list[dict[str, Any]] = [full, {"const": True}]
        if cls.short is not None:
            accepted[1:] = [{"type": "string"}, {"type": "integer"}, {"const": True}]
        return {"anyOf": accepted}


@cache
def _with_parts(cls: type[Part]) -> tuple[str, ...]:
    """Return the fields of *cls* that hold a part, or a list of them: a few of many."""
    return tuple(name for name, field in cls.model_fields.items() if part_in(field.annotation))


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        plain = value.to_dict()
        only = plain.get(value.short) if value.short is not None and len(plain) == 1 else None
        return only if only is not None and value.expand(only) == plain else plain
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Bytes):
        return format_size(value)
    return str(value) if isinstance(value, SecretText) else value
