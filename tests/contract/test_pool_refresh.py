"""A pool that is looked at again when its folder is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.contract.storage import Storage


@pytest.mark.parametrize("persistent", [True, False])
def test_refresh_without_a_folder(files: Storage, persistent: bool) -> None:
    """The call fails, and the pool is off; one without a definition is gone."""
    folder = files.volume(files.active("one"), "inner", style="dir", capacity=0)
    path = folder.path()
    xml = files.xml("two", path=path)
    pool = files.conn.storagePoolDefineXML(xml, 0) if persistent else files.conn.storagePoolCreateXML(xml, 0)
    if persistent:
        pool.create(0)
    folder.delete(0)
    files.events()
    message = f"cannot open directory '{path}': No such file or directory"
    assert files.outcome(lambda: pool.refresh(0)) == (38, 0, message)
    assert files.events() == ["STOPPED"]
    found = [each.isActive() for each in files.conn.listAllStoragePools(0) if each.name() == pool.name()]
    assert found == ([0] if persistent else [])
