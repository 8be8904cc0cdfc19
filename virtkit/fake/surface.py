"""What libvirt-python has and the fake does not model: names that exist, and refuse."""

from __future__ import annotations

import inspect
from functools import cache, wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from virtkit.fake import constants as c
from virtkit.fake.arguments import Checks
from virtkit.fake.errors import not_modelled
from virtkit.fake.newer import REFUSING

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T", bound=type)

# the part of libvirt (VIR_FROM_*) that reports for each class
FROM: dict[str, int] = {
    "virConnect": c.VIR_FROM_NONE,
    "virDomain": c.VIR_FROM_DOMAIN,
    "virDomainCheckpoint": c.VIR_FROM_DOMAIN_CHECKPOINT,
    "virDomainSnapshot": c.VIR_FROM_DOMAIN_SNAPSHOT,
    "virInterface": c.VIR_FROM_INTERFACE,
    "virNWFilter": c.VIR_FROM_NWFILTER,
    "virNWFilterBinding": c.VIR_FROM_NWFILTER,
    "virNetwork": c.VIR_FROM_NETWORK,
    "virNetworkPort": c.VIR_FROM_NETWORK,
    "virNodeDevice": c.VIR_FROM_NODEDEV,
    "virSecret": c.VIR_FROM_SECRET,
    "virStoragePool": c.VIR_FROM_STORAGE,
    "virStorageVol": c.VIR_FROM_STORAGE,
    "virStream": c.VIR_FROM_STREAMS,
}
# virConnect reports for what it makes: by the name of its C function
_BY_PREFIX: dict[str, int] = {
    "virDomain": c.VIR_FROM_DOMAIN,
    "virNetwork": c.VIR_FROM_NETWORK,
    "virStorage": c.VIR_FROM_STORAGE,
    "virInterface": c.VIR_FROM_INTERFACE,
    "virNodeDevice": c.VIR_FROM_NODEDEV,
    "virSecret": c.VIR_FROM_SECRET,
    "virNWFilter": c.VIR_FROM_NWFILTER,
    "virStream": c.VIR_FROM_STREAMS,
}


def reporter(cls: str, function: str) -> int:
    """Return the VIR_FROM_* under which libvirt's public entry *function*, called on *cls*, reports."""
    if cls != "virConnect":
        return FROM[cls]
    return next((number for prefix, number in _BY_PREFIX.items() if function.startswith(prefix)), FROM[cls])


class Refusal:
    """A method that is not modelled, with libvirt-python's signature. Built when first looked at."""

    def __init__(self, cls: str, name: str) -> None:
        self._cls, self._name = cls, name

    def __get__(self, instance: object, owner: type) -> Callable[..., Any]:
        function = _refusing(self._cls, self._name)
        bound: Callable[..., Any] = function if instance is None else function.__get__(instance, owner)
        return bound


@cache
def _refusing(cls: str, name: str) -> Any:
    parameters, target = (c.SURFACE["classes"][cls].get(name) or REFUSING[cls][name])[:2]
    function = target or f"{cls}.{name}"
    signature = signature_of(parameters)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        try:
            this, *given = signature.bind(*args, **kwargs).args
        except TypeError:
            checks.say_how_called(args[1:], kwargs)
        connection = this if cls == "virConnect" else getattr(this, "_conn", None)
        if connection is not None:  # what libvirt refuses, it refuses in its own words
            checks.admit(connection, given, {}, (name, None))
        not_modelled(function, checks.reporter if connection is not None else reporter(cls, function))

    refuse.__name__, refuse.__qualname__ = name, f"{cls}.{name}"
    refuse.__doc__ = f"Not modelled: raise NotModelled for libvirt's {function}."
    checks = Checks(function, signature, write=False, caller=refuse)
    refuse.__signature__ = signature  # type: ignore[attr-defined]
    return refuse


def _typed(function: FunctionType, target: str) -> FunctionType:
    """Return *function* with its arguments looked at as the binding does for the C function *target*."""
    signature = inspect.signature(function)
    if not target or len(signature.parameters) == 1:
        return function

    @wraps(function)
    def call(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return function(self, *checks.typed(args, kwargs))

    checks = Checks(target, signature, write=False, caller=call)
    call.__signature__ = signature  # type: ignore[attr-defined]
    return cast("FunctionType", call)


def _again(function: FunctionType) -> FunctionType:
    made = FunctionType(
        function.__code__, function.__globals__, argdefs=function.__defaults__, closure=function.__closure__
    )
    made.__dict__.update(function.__dict__)
    made.__doc__, made.__annotations__ = function.__doc__, function.__annotations__
    return made


def signature_of(parameters: str) -> inspect.Signature:
    """Return the signature whose parameters read *parameters* in surface.json."""
    made: dict[str, Any] = {}
    exec(f"def made({parameters}): ...", {}, made)  # noqa: S102
    return inspect.signature(made["made"])


def complete(cls: T) -> T:
    """Give *cls* the methods of libvirt-python's class of that name which it lacks: they refuse."""
    name = cls.__name__
    cls.__module__ = "libvirt"
    members = {known: value for each in reversed(cls.__mro__) for known, value in vars(each).items()}
    for method in c.SURFACE["classes"][name]:
        found = members.get(method)
        if found is None:
            setattr(cls, method, Refusal(name, method))
        elif isinstance(found, FunctionType):
            if not hasattr(found, "__signature__"):  # call.py has not seen it
                found = _typed(found, c.SURFACE["classes"][name][method][1])
                setattr(cls, method, found)
            if found.__qualname__.startswith("vir"):  # it is in another class too
                found = _again(found)
                setattr(cls, method, found)
            while found is not None:  # as Python names it when it is called wrongly
                found.__qualname__ = f"{name}.{method}"
                found = getattr(found, "__wrapped__", None)
    for method in REFUSING.get(name, ()):
        setattr(cls, method, Refusal(name, method))
    return cls
