"""Storage: pools, volumes, and the host's files that they are.

What else needs a disk's size, or makes an image file, asks here: ``find_by_path()``, ``chain()``,
``volume_path()``, ``create_image()``, ``remove_image()``.
"""

from __future__ import annotations

from virtkit.fake.storage.files import Image, chain, create_image, find_by_path, volume_path
from virtkit.fake.storage.files import remove as remove_image
from virtkit.fake.storage.pool import virStoragePool
from virtkit.fake.storage.pooldoc import filled_pool
from virtkit.fake.storage.volume import virStorageVol
from virtkit.fake.storage.volumedoc import filled_volume

__all__ = [
    "Image",
    "chain",
    "create_image",
    "filled_pool",
    "filled_volume",
    "find_by_path",
    "remove_image",
    "virStoragePool",
    "virStorageVol",
    "volume_path",
]
