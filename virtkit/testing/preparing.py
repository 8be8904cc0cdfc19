"""What the markers ``fake_host`` and ``fake_fault`` say, done to a host."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from virtkit.fake.settings import GUEST, HOST, NoSetting

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host


def prepare(host: Host, test: pytest.Item) -> None:
    """Set what the markers of *test* say, those of its class and module first; fail it if they are wrong."""
    for name, act in (("fake_host", partial(_set, host)), ("fake_fault", host.faults.add)):
        for marker in reversed(list(test.iter_markers(name))):
            wrong = _problem(act, marker)
            if wrong:
                pytest.fail(wrong, pytrace=False)


def _problem(act: Callable[..., object], marker: pytest.Mark) -> str:
    """Do what *marker* says; return what is wrong with it."""
    try:
        act(*marker.args, **marker.kwargs)
    except (TypeError, ValueError) as error:
        given = [*map(repr, marker.args), *(f"{name}={value!r}" for name, value in marker.kwargs.items())]
        words = str(error).removeprefix("Faults.add() ")
        return f"@pytest.mark.{marker.name}({', '.join(given)}): {words}"
    return ""


def _set(host: Host, *values: Any, **settings: Any) -> None:
    if values or not settings:
        raise TypeError("it takes settings by their names, such as cpus=4 or acpi=False")
    for name, value in settings.items():
        if name in HOST:
            setattr(host, name, value)
        elif name in GUEST:
            setattr(host.guest, name, value)
        else:
            raise NoSetting("a fake host with its guests", name, [*HOST, *GUEST])
