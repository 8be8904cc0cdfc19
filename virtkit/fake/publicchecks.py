"""What libvirt's public functions check of arguments together: what no table of single checks says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_argument, fail_silently

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST_MEMORY = ((1 << 63) - 1) // 1024  # KiB
_MOST_KEYS = 16
_TEXTS = (c.VIR_DOMAIN_METADATA_TITLE, c.VIR_DOMAIN_METADATA_DESCRIPTION)
_DOMAIN = c.VIR_FROM_DOMAIN


def _null(function: str, name: str, value: Any, *, wanted: bool) -> None:
    if (value is None) != wanted:
        word = "must be NULL" if wanted else "must not be NULL"
        fail_argument(_DOMAIN, f"{name} in {function} {word}", function, name)


def _set_metadata(function: str, args: Sequence[Any]) -> None:
    kind, metadata, key, uri = args[:4]
    if kind == c.VIR_DOMAIN_METADATA_TITLE and metadata and "\n" in metadata:
        fail_argument(_DOMAIN, "metadata title can't contain newlines", function, "metadata")
    if kind in _TEXTS:
        _null(function, "uri", uri, wanted=True)
        _null(function, "key", key, wanted=True)
    elif kind == c.VIR_DOMAIN_METADATA_ELEMENT:
        _null(function, "uri", uri, wanted=False)
        if metadata is not None:
            _null(function, "key", key, wanted=False)


def _get_metadata(function: str, args: Sequence[Any]) -> None:
    kind, uri = args[:2]
    if kind in {*_TEXTS, c.VIR_DOMAIN_METADATA_ELEMENT}:
        _null(function, "uri", uri, wanted=kind in _TEXTS)


def _memory(_function: str, args: Sequence[Any]) -> None:
    memory = args[0] % (1 << 64)
    if memory >= _MOST_MEMORY:
        fail(c.VIR_ERR_OVERFLOW, _DOMAIN, f"input too large: {memory}")


def _dump(function: str, args: Sequence[Any]) -> None:
    if args[0] is not None and args[1] % (1 << 32) >= c.VIR_DOMAIN_CORE_DUMP_FORMAT_WIN_DMP + 1:
        fail_argument(_DOMAIN, f"dumpformat '{args[1]}' is not supported", function, "flags")


def _lifecycle(_function: str, args: Sequence[Any]) -> None:
    for word, value, end in zip(("type", "action"), args, (3, 6), strict=False):
        if value >= end:
            fail(c.VIR_ERR_INVALID_ARG, _DOMAIN, f"invalid lifecycle {word} '{value}'")


def _one_or_all(argument: str) -> Callable[[str, Sequence[Any]], None]:
    """Return a check of a number that is -1 for all of them."""

    def check(function: str, args: Sequence[Any]) -> None:
        if args[0] < -1:
            message = f"{argument} in {function} only accepts -1 as a negative value"
            fail_argument(_DOMAIN, message, function, "cpuNum")

    return check


def _some_domains(_function: str, args: Sequence[Any]) -> None:
    if not args[0]:
        message = "doms array in virDomainListGetStats must contain at least one domain"
        fail(c.VIR_ERR_INVALID_ARG, _DOMAIN, message)


def _cells(function: str, args: Sequence[Any]) -> None:
    if args[0] < 0 or args[1] < 1:
        fail_silently(function)


def _pages(_function: str, args: Sequence[Any]) -> None:
    pages, _, cells = args[:3]
    if not isinstance(pages, list):
        raise TypeError("pagesize must be list")
    if not cells:
        raise LookupError("cellCount must not be zero")
    if any(not isinstance(page, int) for page in pages):
        raise TypeError("an integer is required")
    if cells < 0:
        raise MemoryError


def moment(time: Any, flags: int) -> tuple[int, int]:
    """Return the seconds and nanoseconds that a caller of setTime gave, as libvirt-python reads them."""
    if isinstance(time, dict):
        if "seconds" not in time:
            raise LookupError("Dictionary must contains 'seconds'")
        if "nseconds" not in time and len(time) > 1:
            raise LookupError("Dictionary contains unknown key")
        if not all(isinstance(each, int) for each in time.values()):
            raise TypeError("an integer is required")
        return int(time["seconds"]), int(time.get("nseconds", 0))
    if time is not None or not flags:
        raise TypeError("time must be a dictionary or None with flags set")
    return 0, 0


def _moment(_function: str, args: Sequence[Any]) -> None:
    moment(*args)


# what the binding itself checks, before libvirt sees the call
def _dictionary(place: int, what: str, *, needed: bool = True) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that an argument is a dictionary."""

    def check(_function: str, args: Sequence[Any]) -> None:
        if not isinstance(args[place], dict) and (needed or args[place] is not None):
            raise TypeError(f"{what} must be a dictionary")

    return check


def _fields(what: str, **kinds: type) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that the first argument is a dictionary, with values of *kinds*, by name."""
    is_dictionary = _dictionary(0, what)

    def check(function: str, args: Sequence[Any]) -> None:
        is_dictionary(function, args)
        for name, value in args[0].items():
            kind = kinds.get(str(name).replace("-", "_"))
            if not isinstance(name, str) or (kind is str and not isinstance(value, str)):
                raise TypeError("bad argument type for built-in operation")
            if kind is int and not isinstance(value, int):
                raise TypeError("an integer is required")
            if kind is None and not isinstance(value, str | int | float | list):
                raise TypeError(f'Unknown type of "{name}" field')

    return check


def _files(place: int) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that an argument is a list, as one of file descriptors has to be."""

    def check(_function: str, args: Sequence[Any]) -> None:
        if not isinstance(args[place], list):
            raise TypeError("unexpected type")

    return check


def _texts(place: int, name: str) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that an argument is a list of texts; anything but a list counts as none."""

    def check(function: str, args: Sequence[Any]) -> None:
        if not isinstance(args[place], list):
            fail_argument(_DOMAIN, f"{name} in {function} must not be NULL", function, name)
        if not all(isinstance(each, str) for each in args[place]):
            raise TypeError("bad argument type for built-in operation")

    return check


def _something(place: int, name: str) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that an argument is not empty; of one that is, libvirt sees nothing."""

    def check(function: str, args: Sequence[Any]) -> None:
        if not args[place]:
            what = "zero" if name == "nfds" else "NULL"
            fail_argument(_DOMAIN, f"{name} in {function} must not be {what}", function, name)

    return check


def _code_set(function: str, args: Sequence[Any]) -> None:
    from virtkit.fake.keys import COUNT

    if args[0] >= COUNT:
        fail_argument(_DOMAIN, f"Unsupported codeset '{args[0]}'", function, "codeset")


def _processors(place: int) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that an argument is a map of processors."""

    def check(_function: str, args: Sequence[Any]) -> None:
        if not isinstance(args[place], tuple):
            raise TypeError("Unexpected type, tuple is required")

    return check


def _parameters(place: int) -> Callable[[str, Sequence[Any]], None]:
    """Return a check that an argument is a dictionary with something in it."""

    def check(_function: str, args: Sequence[Any]) -> None:
        if not isinstance(args[place], dict):
            raise SystemError("bad argument to internal function")  # noqa: TRY004 - Python's, of a C caller
        if not args[place]:
            raise LookupError("Need non-empty dictionary to set attributes")

    return check


def _throttles(function: str, args: Sequence[Any]) -> None:
    if not isinstance(args[1], dict):
        raise TypeError("Need non-empty dictionary to set attributes")
    if not args[1]:
        message = f"nparams in {function} must be greater than zero"
        fail_argument(_DOMAIN, message, function, "nparams")


def _keys(function: str, args: Sequence[Any]) -> None:
    """Refuse a list of keys that is not as long as it is said to be."""
    keys, count = args[2:4]
    if not isinstance(keys, list) or count != len(keys) or count > _MOST_KEYS:
        fail_silently(function)
    for key in keys:
        if not isinstance(key, int):
            raise TypeError("an integer is required")
        if key < 0:
            raise OverflowError("can't convert negative value to unsigned int")
        if key >= 1 << 32:
            raise OverflowError("Python int too large to convert to C unsigned int")


BINDING: dict[str, Callable[[str, Sequence[Any]], None]] = {
    "virNodeGetCellsFreeMemory": _cells,
    "virNodeGetFreePages": _pages,
    "virDomainSetTime": _moment,
    "virDomainSendKey": _keys,
    "virDomainCoreDumpWithFormat": _dump,  # libvirt's check, but its first
    "virConnectBaselineCPU": _texts(0, "xmlCPUs"),
    "virConnectBaselineHypervisorCPU": _texts(4, "xmlCPUs"),
    "virConnectSetIdentity": _dictionary(0, "migration params"),
    "virDomainBlockCopy": _dictionary(2, "block params", needed=False),
    "virDomainCreateXMLWithFiles": _files(1),
    "virDomainCreateWithFiles": _files(0),
    "virDomainFDAssociate": _files(1),
    "virDomainRestoreParams": _fields("Restore params", file=str, dxml=str),
    "virDomainSaveParams": _fields("Save params", file=str, dxml=str),
    "virDomainPinVcpu": _processors(1),
    "virDomainPinVcpuFlags": _processors(1),
    "virDomainPinEmulator": _processors(0),
    "virDomainPinIOThread": _processors(1),
    "virDomainSetBlkioParameters": _parameters(0),
    "virDomainSetMemoryParameters": _parameters(0),
    "virDomainSetNumaParameters": _parameters(0),
    "virDomainSetPerfEvents": _parameters(0),
    "virDomainSetSchedulerParameters": _parameters(0),
    "virDomainSetSchedulerParametersFlags": _parameters(0),
    "virDomainSetInterfaceParameters": _parameters(1),
    "virDomainSetBlockIoTune": _throttles,
    "virDomainSetIOThreadParams": _dictionary(1, "IOThread polling params"),
    "virDomainSetLaunchSecurityState": _fields(
        "Launch security state params", sev_secret_header=str, sev_secret=str, sev_secret_set_address=int
    ),
}


def _some_pages(function: str, args: Sequence[Any]) -> None:
    if not args[0]:
        fail_argument(_DOMAIN, f"npages in {function} must not be zero", function, "npages")


CHECKS: dict[str, Callable[[str, Sequence[Any]], None]] = {
    "virDomainSendKey": _code_set,
    "virDomainSetMetadata": _set_metadata,
    "virDomainGetMetadata": _get_metadata,
    "virDomainSetMemory": _memory,
    "virDomainSetMemoryFlags": _memory,
    "virDomainSetMaxMemory": _memory,
    "virDomainSetLifecycleAction": _lifecycle,
    "virDomainListGetStats": _some_domains,
    "virNodeGetFreePages": _some_pages,
    "virDomainFDAssociate": _something(1, "nfds"),
    "virDomainSetLaunchSecurityState": _something(0, "params"),
    "virNodeGetCPUStats": _one_or_all("cpuNum"),
    "virNodeGetMemoryStats": _one_or_all("cellNum"),
}
