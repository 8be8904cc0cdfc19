"""What a host keeps besides domains: the same in memory and in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import virtkit.fake as libvirt
from virtkit.fake import hosts
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from virtkit.fake.host import Host


@dataclass
class Thing(Stored):
    """A record of these tests."""

    kind: ClassVar[str] = "thing"
    size: int = 0
    parts: list[str] = field(default_factory=list)


@pytest.fixture(params=["memory", "file"])
def host(request: pytest.FixtureRequest, db: str) -> Host:
    """A host of either store."""
    return hosts.find("fake:///one" if request.param == "memory" else db)


def read(host: Host) -> list[Any]:
    with host as session:
        return [(thing.key, thing.size, list(thing.parts)) for thing in session.objects(Thing)]


def test_a_record_is_kept_as_the_call_leaves_it(host: Host) -> None:
    """Put, changed by a later call, dropped."""
    with host as session:
        session.put(Thing("a"))
        session.put(Thing("b", parts=["x"]))
    with host as session:
        found = session.object(Thing, "b")
        assert found is not None
        found.size = 3
        found.parts.append("y")
    assert read(host) == [("a", 0, []), ("b", 3, ["x", "y"])]
    with host as session:
        session.drop(session.objects(Thing)[0])
    assert [key for key, *_ in read(host)] == ["b"]


def test_bytes_have_holes(host: Host) -> None:
    """What was not written is a hole, and what was can become one."""
    with host as session:
        session.put_chunk("disk", 7, b"seven")
        session.put_chunk("disk", 2, b"two")
    with host as session:
        assert session.chunks("disk") == [2, 7]
        assert (session.chunk("disk", 2), session.chunk("disk", 3)) == (b"two", None)
        session.put_chunk("disk", 2, None)
        assert session.chunks("disk") == [7]


def test_a_call_that_fails_leaves_no_half_in_a_file(db: str) -> None:
    """Records and bytes are as they were before."""
    host = hosts.find(db)
    with host as session:
        session.put(Thing("a", size=1))

    def half_a_call() -> None:
        with host as session:
            session.objects(Thing)[0].size = 2
            session.put_chunk("disk", 1, b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_a_call()
    assert read(host) == [("a", 1, [])]
    with host as session:
        assert session.chunks("disk") == []


def test_another_opening_of_the_file_sees_it(db: str) -> None:
    """What one process left, the next one finds."""
    with hosts.find(db) as session:
        session.put(Thing("a", size=1))
    libvirt.reset()
    assert read(hosts.find(db)) == [("a", 1, [])]
