"""Device functions for templates: ``{{ disk(source="/srv/web.qcow2", bus="virtio") }}``.

One for each macro in ``templates/devices``: the arguments are those of that device in a spec, and are
checked as there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from virtkit.rendering.places import SHIPPED_PREFIX, SUFFIX, shipped

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = "devices"

DeviceFunction = Callable[..., "Markup"]


def functions(environment: Environment) -> dict[str, DeviceFunction]:
    """Return the device functions by name: ``disk``, ``interface`` ..."""
    files = sorted((shipped() / _FOLDER).glob(f"[a-z]*{SUFFIX}"))
    return {kind: _function(environment, kind) for kind in (file.name.removesuffix(SUFFIX) for file in files)}


def _function(environment: Environment, kind: str) -> DeviceFunction:
    def device(part: object = None, /, **fields: Any) -> Markup:
        if part is None:
            from virtkit.spec.devices import KINDS

            part = KINDS[kind].from_dict(fields)
        template = environment.get_template(f"{SHIPPED_PREFIX}{_FOLDER}/{kind}{SUFFIX}")
        written: Markup = getattr(template.module, kind)(part)
        return written

    device.__name__ = kind
    device.__doc__ = f"Write a {kind}, given as a part of a spec or by the fields of one."
    return device
