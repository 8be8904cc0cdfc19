"""What libvirt's schemas allow, path by path, and what of it a view has no typed field for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit import model
from virtkit.model import nodes, schemas
from virtkit.model.fields import Child, Children, Field, Flag
from virtkit.model.walking import _inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.model.views import View

KINDS: dict[str, type[View]] = {
    "backup": model.DomainBackup,
    "capabilities": model.Capabilities,
    "checkpoint": model.DomainCheckpoint,
    "domain": model.Domain,
    "domain-capabilities": model.DomainCapabilities,
    "filter": model.NWFilter,
    "filter-binding": model.NWFilterBinding,
    "interface": model.Interface,
    "network": model.Network,
    "network-port": model.NetworkPort,
    "node-device": model.NodeDevice,
    "pool": model.StoragePool,
    "pool-capabilities": model.StoragePoolCapabilities,
    "secret": model.Secret,
    "snapshot": model.DomainSnapshot,
    "volume": model.StorageVolume,
}

Elements = frozenset[schemas.Element]


def allowed(cls: type[View]) -> set[str]:
    """Each path that the schema has of documents of one kind; an element within itself is listed once.

    Elements of any name, such as those of metadata, are not listed.
    """
    path = schemas.schema_path(cls.TAG)
    assert path is not None
    roots = [each for each in _inside(schemas.load(path)) if isinstance(each, schemas.Element)]
    return set(_walk(frozenset(each for each in roots if each.name == cls.TAG), cls.TAG, ()))


def _walk(elements: Elements, path: str, above: tuple[Elements, ...]) -> Iterator[str]:
    yield path
    if elements in above:
        return
    children: dict[str, set[schemas.Element]] = {}
    for each in (part for element in elements for part in _inside(element.content)):
        if isinstance(each, schemas.Attribute) and each.name != schemas.ANY:
            yield f"{path}/@{each.name}"
        elif isinstance(each, schemas.Element) and each.name != schemas.ANY:
            children.setdefault(each.name, set()).add(each)
    for name, same in children.items():
        yield from _walk(frozenset(same), f"{path}/{nodes.short(name)}", (*above, elements))


def is_typed(cls: type[View], path: str) -> bool:
    """Whether the *path* below the element of *cls* has a typed field."""
    for field in (field for owner in cls.__mro__ for field in vars(owner).values()):
        if isinstance(field, Field | Flag):
            if path in field.paths():
                return True
        elif isinstance(field, Child | Children):
            steps = "/".join(map(nodes.short, field.steps))
            if steps == path or steps.startswith(f"{path}/"):
                return True
            if path.startswith(f"{steps}/") and is_typed(field.type, path.removeprefix(f"{steps}/")):
                return True
    return False


def missing(cls: type[View]) -> tuple[list[str], int]:
    """The paths that have no typed field, and how many there are in all."""
    every = allowed(cls)
    below = {path: path.removeprefix(f"{cls.TAG}/") for path in every - {cls.TAG}}
    return sorted(path for path, rest in below.items() if not is_typed(cls, rest)), len(every)
