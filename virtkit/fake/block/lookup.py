"""Finding an image in a disk's chain by what a caller calls it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Chain

_INDEXED = re.compile(r"(?P<target>[^/\[]+)\[(?P<index>\d+)\]\Z")


def _refuse(message: str) -> NoReturn:
    fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_STORAGE, message)


def indexed(name: str) -> tuple[str, int] | None:
    """Return what ``vda[3]`` means: a disk, and the index of one of its images."""
    found = _INDEXED.match(name)
    return None if found is None else (found["target"], int(found["index"]))


def look_up(chain: Chain, target: str, name: str | None, above: int | None = None) -> int:
    """Return the place of an image in *chain*.

    Args:
        chain: the images of the disk *target*.
        target: what the disk is called.
        name: a path, or ``vda[3]``; None: the lowest image that is upon another.
        above: the place of an image below which to look.
    """
    layers = chain.layers
    first = 0 if above is None else above + 1
    asked = None if name is None else indexed(name)
    if asked is not None and asked[1] and asked[0] != target:
        _refuse(f"requested target '{asked[0]}' does not match target '{target}'")
    for place in range(first, len(layers)):
        layer = layers[place]
        if name is None:
            if place == len(layers) - 1:
                return place
        elif (asked is not None and asked[1] and layer.index == str(asked[1])) or layer.path == name:
            return place
    if asked is not None and asked[1]:
        _refuse(f"could not find backing store index '{asked[1]}' in chain for '{target}'")
    if name is None:
        _refuse(f"could not find base image in chain for '{target}'")
    if above is None:
        _refuse(f"could not find image '{name}' in chain for '{target}'")
    _refuse(f"could not find image '{name}' beneath '{layers[above].path}' in chain for '{target}'")
