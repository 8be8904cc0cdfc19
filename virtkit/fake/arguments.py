"""What is checked before a driver sees a call: types by the binding, values by libvirt's public functions.

checks.json holds the facts, by C function: how the binding parses the arguments, what the function
refuses, which flags each driver's function knows, which driver lacks it.
"""

from __future__ import annotations

import inspect
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_argument, libvirtError, no_support
from virtkit.fake.publicchecks import BINDING, CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from virtkit.fake.connection.base import ConnectionBase

_INT_MAX = (1 << 31) - 1
_UUID_BYTES = 16
_WORD = 0xFFFFFFFF
_LONG_WORD = (1 << 64) - 1
_LONG = "Python int too large to convert to C long"
# by check: whether a value passes, and what is said of one that does not
_VALUES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "nonnull": (lambda value: value is not None, "{name} in {function} must not be NULL"),
    "null": (lambda value: value is None, "{name} in {function} must be NULL"),
    "nonempty": (lambda value: value != "", "string {name} in {function} must not be empty"),
    "nonzero": (lambda value: value != 0, "{name} in {function} must not be zero"),
    "zero": (lambda value: value == 0, "{name} in {function} must not be zero"),
    "positive": (lambda value: value > 0, "{name} in {function} must be greater than zero"),
    "nonnegative": (lambda value: value >= 0, "{name} in {function} must be zero or greater"),
}


_OF_KIND: dict[str, tuple[type, ...]] = {
    "nonempty": (str, type(None)),
    "nonnull": (str, type(None)),
    "nonzero": (int,),
    "positive": (int,),
    "nonnegative": (int,),
}


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "checks.json").read_text(encoding="utf-8"))
    return found


_BOUND = {"createLinux": "virDomainCreateLinux"}
"""Where the C function, and so the binding's, only calls the one that is named here."""


def reporter(function: str) -> int:
    """Return the VIR_FROM_* of what the C function *function* itself refuses."""
    found: int = _facts().get(function, {}).get("from", c.VIR_FROM_DOMAIN)
    return found


def _text(value: Any, where: str) -> Any:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{where} must be str or None, not {type(value).__name__}")
    if value and "\0" in value:
        raise ValueError("embedded null character")
    return value


def _given_text(value: Any, where: str) -> Any:
    if not isinstance(value, str):
        given = "None" if value is None else type(value).__name__
        raise TypeError(f"{where} must be str, not {given}")
    return _text(value, where)


def _index(value: Any) -> int:
    if not hasattr(value, "__index__"):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    return int(value.__index__())


def _long(value: Any, _where: str) -> int:
    number = _index(value)
    if not -(1 << 63) <= number < 1 << 63:
        raise OverflowError(_LONG)
    return number


def _long_long(value: Any, _where: str) -> int:
    number = _index(value)
    if not -(1 << 63) <= number < 1 << 63:
        raise OverflowError("int too big to convert")
    return number


def _int(value: Any, where: str) -> int:
    number = _long(value, where)
    if not -_INT_MAX - 1 <= number <= _INT_MAX:
        side = "greater than maximum" if number > 0 else "less than minimum"
        raise OverflowError(f"signed integer is {side}")
    return number


def _unsigned(value: Any, _where: str) -> int:
    return _index(value) & _WORD


def _unsigned_long(value: Any, where: str) -> int:
    if not isinstance(value, int):
        given = "None" if value is None else type(value).__name__
        raise TypeError(f"{where} must be int, not {given}")
    return value & _LONG_WORD


def _bytes(value: Any, where: str) -> bytes | None:
    """Return bytes, or text as bytes; None for nothing."""
    if isinstance(value, bytearray | memoryview):
        raise TypeError(f"{where} must be read-only bytes-like object, not {type(value).__name__}")
    if value is not None and not isinstance(value, str | bytes):
        raise TypeError(f"a bytes-like object is required, not '{type(value).__name__}'")
    return (value.encode() if isinstance(value, str) else value) or None


def _uuid(value: Any, where: str) -> bytes:
    raw = _bytes(value, where)
    if raw is None or len(raw) != _UUID_BYTES:
        raise libvirtError(f"{where.partition('(')[0]}() failed")
    return raw


_CONVERT: dict[str, Callable[[Any, str], Any]] = {
    "z": _text, "s": _given_text, "i": _int, "I": _unsigned, "l": _long, "L": _long_long,
    "k": _unsigned_long, "K": _unsigned_long, "u": _uuid, "y": _bytes,
}  # fmt: skip
_KIND = {"z": str, "s": str, "u": None, "y": None}


class Checks:
    """What the C function *function* checks; *signature* is what the caller sees of it, in *caller*."""

    def __init__(
        self,
        function: str,
        signature: inspect.Signature,
        *,
        write: bool,
        caller: Callable[..., Any] | None = None,
    ) -> None:
        self._function, self._signature, self._write, self._caller = function, signature, write, caller
        self._names = list(signature.parameters)[1:]
        self.takes = bool(self._names)
        self._loaded = False

    def _load(self) -> None:
        facts = _facts().get(self._function, {})
        form = facts.get("format", "").replace("|", "")[1:]
        known = len(form) == len(self._names)
        self._typed = [
            (place, _KIND.get(letter, int), _CONVERT[letter])
            for place, letter in enumerate(form if known else "")
            if letter in _CONVERT
        ]
        self.reporter: int = facts.get("from", c.VIR_FROM_NONE)
        default = [["readonly"]] if self._write else []
        self._rules = [self._rule(*rule) for rule in facts.get("checks", default)]
        self._lacking = frozenset(facts.get("lacks", ()))
        self._driver_flags = {name: facts[name] for name in ("test", "qemu") if name in facts}
        self._flags_at = self._names.index("flags") if "flags" in self._names else None
        self._c_names = facts.get("parameters", "").split()
        self._asks: str = facts.get("asks", self._function)
        self._more = CHECKS.get(self._function) if known else None
        self._plain = self._find_plain(form) if known else []
        self._defaults = tuple(each.default for each in self._signature.parameters.values())[1:]
        self._loaded = True

    def _find_plain(self, form: str) -> list[type[Any] | None]:
        """Return the types of arguments of which nothing more has to be looked at; empty if there are none.

        Texts are looked at by the driver, and flags (None) that are 0 by nobody.
        """
        kinds = {kind for kind, _ in self._rules}
        looked_at = self._more is not None or self._function in BINDING or self._lacking
        if looked_at or not kinds <= {"readonly", "nonnull", "exclusive", "requires"}:
            return []
        found: list[type[Any] | None] = [str if letter in "zs" else None for letter in form]
        flags = [self._flags_at == place and form[place] in "iI" for place in range(len(form))]
        return found if all(kind is str or flag for kind, flag in zip(found, flags, strict=True)) else []

    def _are_plain(self, args: Sequence[Any]) -> bool:
        if len(args) != len(self._plain) and (
            len(args) > len(self._plain) or inspect.Parameter.empty in self._defaults[len(args) :]
        ):
            return False
        for kind, value in zip(self._plain, args, strict=False):
            if kind is None:
                if type(value) is not int or value:
                    return False
            elif type(value) is not kind or "\0" in value:
                return False
        return True

    def _rule(self, kind: str, *words: str) -> tuple[str, tuple[str, ...]]:
        return (kind, words)

    def _place(self, name: str, *, texts: bool) -> int | None:
        """Return which argument of the method the C function's parameter *name* is."""
        if name in self._names:
            return self._names.index(name)
        place = self._c_names.index(name)
        same = len(self._c_names) == len(self._names)
        # what the caller gives comes first, then what it gets; texts are alike, numbers may be something else
        return place if same or (texts and place < len(self._names)) else None

    def typed(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Sequence[Any]:
        """Return the arguments, all of them and in order, as the binding hands them to the C function.

        Raises:
            TypeError: as the binding does.
            OverflowError: likewise.
        """
        if not self._loaded:
            self._load()
        if kwargs or len(args) != len(self._names):
            args = self._bound(args, kwargs)
        for place, kind, convert in self._typed:
            value = args[place]
            plain: bool = type(value) is kind and (kind is str or 0 <= value <= _INT_MAX)  # type: ignore[operator]
            if not plain or (kind is str and "\0" in value):
                bound = _BOUND.get(getattr(self._caller, "__name__", ""), self._function)
                where = f"{bound}() argument {place + 2}"
                args = (*args[:place], convert(value, where), *args[place + 1 :])
        return args

    def admit(
        self, connection: ConnectionBase, args: Sequence[Any], kwargs: dict[str, Any], label: tuple[str, Any]
    ) -> tuple[Any, ...]:
        """Return the arguments, all of them and in order, as the driver's function gets them.

        Args:
            connection: on which the call is made.
            args: what the caller gave.
            kwargs: likewise, by name.
            label: the method's name and the object's, for faults.

        Raises:
            TypeError: as the binding does.
            OverflowError: likewise.
            libvirtError: the call cannot get to the driver, or the driver does not take such calls.
        """
        if not self._loaded:
            self._load()
        host = connection._host  # noqa: SLF001
        calm = not (kwargs or connection._guarded or host.faults)  # noqa: SLF001
        if calm and self._plain and self._are_plain(args):
            return (*args, *self._defaults[len(args) :])
        args = self.typed(args, kwargs)
        binding = BINDING.get(self._function)
        if binding is not None:
            binding(self._function, args)
        self._public(connection, args)
        if self._more is not None:
            self._more(self._function, args)
        personality = host.personality
        if self._function in personality.lacks or personality.name in self._lacking:
            no_support(self._asks, self.reporter)
        if host.faults:
            host.faults.meet(self._function, *label, connection=connection)
        if self._flags_at is not None and personality.name in self._driver_flags:
            function, source, known, *added = self._driver_flags[personality.name]
            unknown = (args[self._flags_at] | sum(added)) & ~known & _WORD
            if unknown:
                message = f"unsupported flags ({unknown:#x}) in function {function}"
                fail_argument(source, message, function, "flags")
        return tuple(args)

    def _bound(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Sequence[Any]:
        bound = None
        with suppress(TypeError):  # which words it otherwise
            bound = self._signature.bind(None, *args, **kwargs)
        if bound is None:
            self.say_how_called(args, kwargs)
        bound.apply_defaults()
        return bound.args[1:]

    def say_how_called(self, args: Sequence[Any], kwargs: dict[str, Any]) -> NoReturn:
        """Call a function of that signature, so that Python words what is wrong with *args* and *kwargs*."""
        made: dict[str, Any] = {}
        exec(f"def made{_plain(self._signature)}: ...", {}, made)  # noqa: S102
        made["made"].__qualname__ = getattr(self._caller, "__qualname__", self._function)
        made["made"](None, *args, **kwargs)
        raise AssertionError(f"{self._function} takes them")

    def _public(self, connection: ConnectionBase, args: Sequence[Any]) -> None:
        """Check what the public function checks."""
        connection._check_alive()  # noqa: SLF001
        for kind, words in self._rules:
            if kind == "readonly":
                if connection._readonly:  # noqa: SLF001
                    message = f"read only access prevents {self._function}"
                    fail(c.VIR_ERR_OPERATION_DENIED, self.reporter, message)
            elif kind in _VALUES:
                self._value(kind, words[0], args)
            elif self._flags_at is not None:
                self._both(kind, args[self._flags_at], *words[1:])

    def _value(self, kind: str, name: str, args: Sequence[Any]) -> None:
        place = self._place(name, texts=kind in {"nonnull", "nonempty", "null"})
        if place is None or (kind in _OF_KIND and not isinstance(args[place], _OF_KIND[kind])):
            return
        value = args[place]
        if kind == "nonempty" and value is None:
            kind = "nonnull"
        passes, message = _VALUES[kind]
        if not passes(value):
            text = message.format(name=name, function=self._function)
            fail_argument(self.reporter, text, self._function, name)

    def _both(self, kind: str, flags: int, first: str, second: str) -> None:
        has, other = flags & c.CONSTANTS[first], flags & c.CONSTANTS[second]
        if kind == "exclusive" and has and other:
            message = f"Flags '{first}' and '{second}' are mutually exclusive"
        elif kind == "requires" and has and not other:
            message = f"Flag '{second}' is required by flag '{first}'"
        else:
            return
        fail_argument(self.reporter, message, self._function, "ctl")


def _plain(signature: inspect.Signature) -> str:
    bare = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))
