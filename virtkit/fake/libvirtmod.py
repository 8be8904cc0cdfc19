"""libvirt-python's C extension, for tests that put a mock in a function's place there.

``mock.patch("libvirtmod.virDomainMigrate3")`` makes the method that stands on that function call the mock,
with what libvirt-python would hand over. The functions of the module ``libvirt`` are here too; nothing
else of the extension is modelled.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from virtkit.fake.constants import SURFACE
from virtkit.fake.errors import libvirtError, not_modelled
from virtkit.fake.handles import Handle
from virtkit.fake.surface import reporter, signature_of

if TYPE_CHECKING:
    from collections.abc import Callable

_METHODS = {
    target: (cls, name, parameters)
    for cls, methods in SURFACE["classes"].items()
    for name, (parameters, target) in methods.items()
    if target
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {  # as they are before anybody puts a mock in their place
    name: function
    for name, function in vars(import_module("virtkit.fake")).items()
    if name in SURFACE["functions"]
}


class _Extension(ModuleType):
    """Has a function for each that a method stands on; setting one redirects the method."""

    _before: dict[str, Any]

    def __init__(self) -> None:
        super().__init__("libvirtmod", __doc__)
        self.__dict__["_before"] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        if name not in _METHODS:
            raise AttributeError(f"module 'libvirtmod' has no attribute {name!r}")
        cls = _METHODS[name][0]

        def refuse(*_arguments: Any) -> Any:
            not_modelled(name, reporter(cls, name))

        return refuse

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in _METHODS:
            cls, method, parameters = _METHODS[name]
            owner = getattr(import_module("virtkit.fake"), cls)
            self._before.setdefault(name, vars(owner).get(method))
            setattr(owner, method, _redirected(name, parameters, value))

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        if name in self._before:
            cls, method, _ = _METHODS[name]
            owner = getattr(import_module("virtkit.fake"), cls)
            before = self._before.pop(name)
            if before is None:
                delattr(owner, method)
            else:
                setattr(owner, method, before)


def _redirected(name: str, parameters: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that calls *function* as libvirt-python calls the C function *name*."""
    signature = signature_of(parameters)

    def method(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        result = function(*(getattr(each, "_o", each) for each in bound.arguments.values()))
        if result is None or (type(result) is int and result == -1):
            raise libvirtError(f"{name}() failed")
        if isinstance(result, Handle):
            conn = getattr(args[0], "_conn", args[0])
            return import_module("virtkit.fake").virDomain(conn, _obj=result)
        return result

    return method


sys.modules[__name__] = _Extension()
