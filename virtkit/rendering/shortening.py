"""Leaving out of a spec what it says without being asked: so that people like to read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit.errors import SpecError
from virtkit.rendering.engine import render
from virtkit.spec.completion import surroundings

if TYPE_CHECKING:
    from virtkit.spec import DomainSpec
    from virtkit.spec.devices import Device
    from virtkit.spec.surroundings import Surroundings

_Change = Callable[[dict[str, Any]], dict[str, Any] | None]
_OF_DEVICES: dict[str, tuple[str, ...]] = {
    "disks": ("type", "bus", "format", "driver", "readonly"),
    "interfaces": ("type", "model", "managed"),
    "filesystems": ("driver", "accessmode"),
    "hostdevs": ("type", "managed", "model"),
    "graphics": ("autoport",),
    "rng": ("source",),
    "shmem": ("size",),
    "tpm": ("version",),
}
"""What devices fill in by themselves."""
_OF_THE_DOMAIN: tuple[tuple[str, ...], ...] = (
    ("os_type",), ("agent",), ("clock",), ("features", "acpi"), ("features", "apic"), ("features", "smm"),
    ("features", "ioapic"), ("features", "hyperv", "mode"), ("features", "hyperv", "spinlocks_retries"),
    ("features",), ("vcpus", "placement"), ("vcpus", "topology", "dies"), ("vcpus",), ("cpu", "mode"),
    ("cpu", "match"), ("numatune", "mode"), ("boot", "enrolled_keys"), ("memory_backing", "access"),
    ("memory_backing", "source"), ("memory_backing",),
)  # fmt: skip
"""What a domain fills in by itself."""


S = TypeVar("S", bound="DomainSpec")


def shortened(spec: S, text: str) -> S:
    """Return a spec that renders *text* like *spec*, with less in it."""
    around = surroundings(spec)
    fields: dict[str, Any] = dict(spec)
    for name, keys in _OF_DEVICES.items():
        value = fields[name]
        if isinstance(value, list):
            fields[name] = [_device(each, keys, around) for each in value]
        elif value is not None:
            fields[name] = _device(value, keys, around)
    made = type(spec).model_construct(**fields).to_dict()
    return _domain(type(spec), made, text)


def _device(device: Device, keys: tuple[str, ...], around: Surroundings) -> Device:
    whole = device.complete(around).to_dict()
    for key in keys:
        if getattr(device, key) is None:
            continue
        fields = {name: value for name, value in device if name != key and name in device.model_fields_set}
        try:
            shorter = type(device).from_dict(fields)
        except SpecError:
            continue
        if shorter.complete(around).to_dict() == whole:
            device = shorter
    return device


def _domain(kind: type[S], fields: dict[str, Any], text: str) -> S:
    """Take out of *fields* one thing after the other, as long as what is rendered stays *text*."""
    best = kind.from_dict(fields)
    changes: list[_Change] = [partial(_without, path=path) for path in _OF_THE_DOMAIN]
    for change in (*changes, _no_targets, _no_last):
        shorter = change(fields)
        if shorter is None:
            continue
        try:
            spec = kind.from_dict(shorter)
            same = render(spec, validate=False) == text
        except SpecError:
            continue
        if same:
            best, fields = spec, spec.to_dict()
    return best


def _without(fields: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """Return *fields* without what *path* leads to; None if it is not there."""
    first, *rest = path
    if first not in fields:
        return None
    if not rest:
        return {name: value for name, value in fields.items() if name != first}
    inner = _without(fields[first], tuple(rest)) if isinstance(fields[first], dict) else None
    return None if inner is None else {**fields, first: inner}


def _no_targets(fields: dict[str, Any]) -> dict[str, Any] | None:
    """Leave the names of the disks to the order in which they stand."""
    disks = fields.get("disks", [])
    shorter = [_without(disk, ("target",)) if isinstance(disk, dict) else disk for disk in disks]
    return {**fields, "disks": shorter} if shorter and None not in shorter else None


def _no_last(fields: dict[str, Any]) -> dict[str, Any] | None:
    """Leave out the agent's channel, which comes by itself."""
    channels = fields.get("channels")
    return {**fields, "channels": channels[:-1]} if channels else None
