"""libvirtError, the error handler, and the one function that raises."""

from __future__ import annotations

import importlib
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

RawError = tuple[int, int, str, int, str | None, str | None, str | None, int, int]
_LEVEL_ERROR = 2
_ARGUMENT_UNSUPPORTED = 74


class _Reporting(threading.local):
    last: RawError | None = None


reporting = _Reporting()
_handler: tuple[Callable[[Any, RawError], object], Any] | None = None


class _Error(Exception):
    """What every failed call raises. ``err`` is libvirt's 9-tuple, or None."""

    def __init__(self, defmsg: str) -> None:
        err = reporting.last
        super().__init__(defmsg if err is None else err[2])
        self.err = err

    def get_error_code(self) -> int | None:
        """Return the error's number, a ``VIR_ERR_*``."""
        return None if self.err is None else self.err[0]

    def get_error_domain(self) -> int | None:
        """Return the part of libvirt that failed, a ``VIR_FROM_*``."""
        return None if self.err is None else self.err[1]

    def get_error_message(self) -> str | None:
        """Return the whole message."""
        return None if self.err is None else self.err[2]

    def get_error_level(self) -> int | None:
        """Return the level, a ``VIR_ERR_*`` of virErrorLevel."""
        return None if self.err is None else self.err[3]

    def get_str1(self) -> str | None:
        """Return the first extra text: the message's format, as a rule."""
        return None if self.err is None else self.err[4]

    def get_str2(self) -> str | None:
        """Return the second extra text: the message's detail, as a rule."""
        return None if self.err is None else self.err[5]

    def get_str3(self) -> str | None:
        """Return the third extra text."""
        return None if self.err is None else self.err[6]

    def get_int1(self) -> int | None:
        """Return the first extra number."""
        return None if self.err is None else self.err[7]

    def get_int2(self) -> int | None:
        """Return the second extra number."""
        return None if self.err is None else self.err[8]


def _real_class() -> type[Exception] | None:
    """Return libvirt-python's class, if it is installed: ``except libvirt.libvirtError`` then means both."""
    try:
        found = getattr(importlib.import_module("libvirt"), "libvirtError", None)
    except (ImportError, OSError):  # OSError: its C library is of another version
        return None
    return found if isinstance(found, type) and issubclass(found, Exception) else None


if TYPE_CHECKING:
    libvirtError = _Error
else:
    libvirtError = _real_class() or _Error
    _Error.__name__ = _Error.__qualname__ = "libvirtError"


class NotModelled(libvirtError):
    """A call that libvirt has and the fake does not model. Its code is VIR_ERR_NO_SUPPORT."""


def register_handler(handler: Callable[[Any, RawError], object] | None, context: Any) -> int:
    """Have *handler* called as ``handler(context, error)`` for each error; None restores printing."""
    global _handler
    _handler = None if handler is None else (handler, context)
    return 1


def fail(code: int, domain: int, detail: str | None = None) -> NoReturn:
    """Raise error *code* of libvirt's part *domain*, with libvirt's words around *detail*."""
    raise make(code, domain, detail)


def check_names(params: Iterable[str], known: Container[str]) -> None:
    """Raise what libvirt's drivers say of typed parameters of which they do not know one's name."""
    unknown = next((name for name in params if name not in known), None)
    if unknown is not None:
        fail(_ARGUMENT_UNSUPPORTED, 0, f"parameter '{unknown}' not supported")


def fail_argument(domain: int, message: str, function: str, argument: str) -> NoReturn:
    """Raise VIR_ERR_INVALID_ARG the way libvirt's argument checks do: function and argument apart."""
    raise _report((8, domain, message, _LEVEL_ERROR, function, argument, None, 0, 0))


def fail_system(error: OSError, domain: int, detail: str) -> NoReturn:
    """Raise VIR_ERR_SYSTEM_ERROR for what the operating system refused: *detail*, and its own words."""
    text = f"{detail}: {error.strerror}"
    raise _report(
        (38, domain, text, _LEVEL_ERROR, "%s", text, None, -1 if error.errno is None else error.errno, -1)
    )


def repeat(err: RawError) -> NoReturn:
    """Raise once more what was raised before."""
    raise _report(err)


def fail_unknown() -> NoReturn:
    """Raise what libvirt raises when a call failed and nothing said why."""
    repeat((1, 0, "An error occurred, but the cause is unknown", _LEVEL_ERROR, None, None, None, 0, 0))


def fail_silently(function: str) -> NoReturn:
    """Raise an error of which libvirt-python knows nothing but that *function* failed: its err is None."""
    reporting.last = None
    error = libvirtError(f"{function}() failed")
    error.args, error.err = (f"{function}() failed",), None
    raise error


def make(code: int, domain: int, detail: str | None = None) -> libvirtError:
    """Report an error, and return it as what to raise."""
    bare, prefix = texts.PREFIXES.get(code, texts.UNKNOWN)
    form = bare if detail is None else prefix
    message = form if detail is None else form % detail
    return _report((code, domain, message, _LEVEL_ERROR, form, detail, None, -1, -1))


def not_modelled(function: str, domain: int) -> NoReturn:
    """Raise NotModelled for the C function *function*."""
    error = _report(_no_support(function, domain), NotModelled)
    raise error


def no_support(function: str, domain: int) -> NoReturn:
    """Raise VIR_ERR_NO_SUPPORT: the driver that answers lacks the C function *function*."""
    raise _report(_no_support(function, domain))


def _no_support(function: str, domain: int) -> RawError:
    form = texts.PREFIXES[3][1]
    return (3, domain, form % function, _LEVEL_ERROR, form, function, None, -1, -1)


def _report(err: RawError, kind: type[libvirtError] = libvirtError) -> libvirtError:
    reporting.last = err
    if _handler is None:
        source = texts.DOMAINS.get(err[1], "")
        print(f"libvirt: {source} error : {err[2]}", file=sys.stderr)  # noqa: T201
    else:
        _handler[0](_handler[1], err)
    error = kind(err[2])
    error.args, error.err = (err[2],), err  # the real class asks the real libvirt, which knows nothing of it
    return error
