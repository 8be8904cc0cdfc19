"""One module in another's place, wherever that was imported already."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    import pytest


def replace_everywhere(old: ModuleType, new: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every module that holds *old*, or a function or class of it, hold *new*'s for the test.

    Constants and the error class are left: they are equal in both.
    """
    stand_ins = {id(old): new} | {
        id(value): vars(new)[name]
        for name, value in vars(old).items()
        if _is_own(old, value) and name in vars(new)
    }
    for module in list(sys.modules.values()):
        if module is old or module is new:
            continue
        for name, value in list(getattr(module, "__dict__", {}).items()):
            stand_in = stand_ins.get(id(value))
            if stand_in is not None and value is not stand_in:
                monkeypatch.setattr(module, name, stand_in)


def _is_own(module: ModuleType, value: Any) -> bool:
    """Return whether *value* is a function or class that *module* defines."""
    return callable(value) and getattr(value, "__module__", None) == module.__name__
