"""Storage volumes: cloned, resized, wiped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.storage import MIB

if TYPE_CHECKING:
    from tests.contract.storage import Storage

STORAGE = 18
EMPTY_IMAGE = 3 * 65536 + 4096  # what an empty qcow2 image takes on disk


# clones


def _clone(storage: Storage, pool: Any, source: Any, name: str = "w", **how: Any) -> Any:
    return pool.createXMLFrom(storage.volume_xml(name, **how), source, 0)


def test_clone(storage: Storage) -> None:
    """A clone is a volume of its own."""
    pool = storage.active()
    volume = storage.volume(pool, allocation=None)
    clone = _clone(storage, pool, volume, allocation=None)
    assert clone.info() == volume.info()
    assert sorted(pool.listVolumes()) == ["v", "w"]


def test_clone_is_not_smaller(storage: Storage) -> None:
    """A clone has at least the capacity of what it is made of."""
    pool = storage.active()
    volume = storage.volume(pool, capacity=4 * MIB)
    clone = _clone(storage, pool, volume, capacity=MIB)
    assert clone.info()[1] == expected(storage.driver, "clone's capacity", 4 * MIB)


def test_clone_exists(storage: Storage) -> None:
    """A clone needs a name of its own."""
    pool = storage.active()
    volume = storage.volume(pool)
    answer = (1, STORAGE, "internal error: storage volume name 'v' already in use.")
    outcome = storage.outcome(lambda: _clone(storage, pool, volume, "v"))
    assert outcome == expected(storage.driver, "clone exists", answer)


def test_clone_of_nothing(storage: Storage) -> None:
    """What is gone cannot be cloned."""
    pool = storage.active()
    volume = storage.volume(pool)
    volume.delete(0)
    message = "Storage volume not found: no storage vol with matching name 'v'"
    assert storage.outcome(lambda: _clone(storage, pool, volume)) == (50, storage.source, message)


def test_clone_to_another_pool(files: Storage) -> None:
    """A clone can be in another pool, and of another format."""
    volume = files.volume(files.active("one"), style="qcow2", capacity=2 * MIB)
    clone = _clone(files, files.active("two"), volume)
    assert clone.path() == files.path("two", "w")
    assert clone.info()[1] == 2 * MIB
    assert "<format type='raw'/>" in clone.XMLDesc(0)


def test_clone_without_room(files: Storage) -> None:
    """A clone that is allocated at once needs the room."""
    pool = files.active()
    volume = files.volume(pool)
    size = 8 << 40
    outcome = files.outcome(lambda: _clone(files, pool, volume, capacity=size, allocation=size))
    path = files.path("one", "w")
    message = f"cannot allocate {size} bytes in file '{path}': No space left on device"
    assert outcome == (38, STORAGE, message)


# resize


@pytest.mark.parametrize(
    ("flags", "size", "result"),
    [
        ((), 3 * MIB, 3 * MIB),
        (("SHRINK",), MIB, MIB),
        (("DELTA",), MIB, 3 * MIB),
        (("DELTA", "SHRINK"), MIB, MIB),
    ],
)
def test_resize(files: Storage, flags: tuple[str, ...], size: int, result: int) -> None:
    """A volume gets another capacity, or so much more or less."""
    volume = files.volume(files.active(), capacity=2 * MIB)
    volume.resize(size, sum(files.driver.constant(f"STORAGE_VOL_RESIZE_{flag}") for flag in flags))
    assert volume.info()[1:] == [result, 0]


def test_resize_allocates(files: Storage) -> None:
    """The room for a raw volume can be taken at once."""
    pool = files.active()
    volume = files.volume(pool)
    before = pool.info()[2]
    volume.resize(2 * MIB, files.driver.constant("STORAGE_VOL_RESIZE_ALLOCATE"))
    assert volume.info()[1:] == [2 * MIB, 2 * MIB]
    assert pool.info()[2] - before == 2 * MIB


def test_resize_qcow2(files: Storage) -> None:
    """An image gets the size in whole sectors."""
    volume = files.volume(files.active(), style="qcow2")
    volume.resize(5 * MIB + 100, 0)
    assert volume.info()[1] == 5 * MIB + 512


def test_shrink_by_accident(files: Storage) -> None:
    """A volume gets smaller only when that is asked for."""
    volume = files.volume(files.active())
    message = (
        "invalid argument: Can't shrink capacity below current capacity "
        "unless shrink flag explicitly specified"
    )
    assert files.outcome(lambda: volume.resize(1000, 0)) == (8, STORAGE, message)


def test_shrink_below_allocation(files: Storage) -> None:
    """A volume does not lose what was written."""
    volume = files.volume(files.active(), allocation=MIB)
    flag = files.driver.constant("STORAGE_VOL_RESIZE_SHRINK")
    message = "invalid argument: can't shrink capacity below existing allocation"
    assert files.outcome(lambda: volume.resize(4096, flag)) == (8, STORAGE, message)


def test_resize_beyond_the_pool(files: Storage) -> None:
    """More is not allocated than there is."""
    volume = files.volume(files.active())
    flag = files.driver.constant("STORAGE_VOL_RESIZE_ALLOCATE")
    message = "operation failed: Not enough space left in storage pool"
    assert files.outcome(lambda: volume.resize(1 << 50, flag)) == (9, STORAGE, message)


def test_resize_allocates_no_image(files: Storage) -> None:
    """Only raw volumes are allocated at once."""
    volume = files.volume(files.active(), style="qcow2")
    flag = files.driver.constant("STORAGE_VOL_RESIZE_ALLOCATE")
    message = "Operation not supported: preallocate is only supported for raw type volume"
    assert files.outcome(lambda: volume.resize(2 * MIB, flag)) == (84, STORAGE, message)


# wipe


def test_wipe_an_image(files: Storage) -> None:
    """A wiped image is none any more."""
    volume = files.volume(files.active(), style="qcow2")
    volume.wipe(0)
    assert "<format type='raw'/>" in volume.XMLDesc(0)
    assert volume.info()[1] == EMPTY_IMAGE


@pytest.mark.parametrize(
    ("algorithm", "answer"),
    [
        (9, (74, STORAGE, "argument unsupported: 'trim' algorithm not supported")),
        (10, (8, STORAGE, "invalid argument: wiping algorithm 10 not supported")),
    ],
)
def test_wipe_how(files: Storage, algorithm: int, answer: tuple[int, int, str]) -> None:
    """There are ways of wiping that there are not."""
    volume = files.volume(files.active())
    assert files.outcome(lambda: volume.wipePattern(algorithm, 0)) == answer
