"""A connection: what it says of its host, and that it really closes."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from tests.unit.host.conftest import XML
from virtkit.errors import Denied, Disconnected, HostError, NotFound
from virtkit.host import Connection, Domain, Version, connect, wait_until

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_what_is_at_the_other_end(conn: Connection) -> None:
    """URI, host name, versions and capabilities."""
    assert conn.uri == "fake:///one"
    assert conn.hostname()
    versions = conn.version()
    assert versions.libvirt >= Version(9, 0, 0)
    assert str(Version(9, 0, 0)) == "9.0.0"
    assert conn.capabilities().architectures
    assert conn.capabilities() is conn.capabilities()
    assert conn.is_alive()
    assert repr(conn) == "<Connection fake:///one>"


def test_environment_names_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an argument VIRTKIT_URI is asked."""
    monkeypatch.setenv("VIRTKIT_URI", "fake:///from-environment")
    with connect() as conn:
        assert conn.uri == "fake:///from-environment"


def test_a_module_may_be_brought_along() -> None:
    """libvirt= is used whatever the URI."""
    with connect("test:///default", libvirt=virtkit.fake) as conn:
        assert "test" in conn.domains


def test_close_lets_go_of_everything(conn: Connection) -> None:
    """No handle, waiter or callback keeps libvirt's connection open, and closing twice is no error."""
    domain = conn.domains.define(XML)
    wait_until(domain, lambda status: status.state == "shutoff")
    raw: Any = conn.raw
    left: list[int] = []
    close = raw.close

    def noting() -> int:
        left.append(close())
        return left[-1]

    raw.close = noting
    conn.close()
    conn.close()
    assert left == [0]
    assert repr(conn) == "<Connection fake:///one (closed)>"
    assert not conn.is_alive()


def test_handles_of_a_closed_connection_say_so(domain: Domain) -> None:
    """They keep name and UUID, and raise Disconnected for everything that asks the host."""
    domain.connection.close()
    assert domain.name == "web1"
    assert domain.uuid
    with pytest.raises(Disconnected, match="'web1' on fake:///one: the connection is closed"):
        domain.status()
    with pytest.raises(Disconnected, match="the connection is closed"):
        domain.connection.hostname()


def test_handles_are_not_kept_alive(conn: Connection) -> None:
    """Who drops a handle drops it for good."""
    conn.domains.define(XML)
    gc.collect()
    assert not conn._handles


def test_readonly_refuses_to_change(conn: Connection) -> None:
    """A read-only connection reads, and says how to change things."""
    conn.domains.define(XML)
    with connect("fake:///one", readonly=True) as reader:
        assert "web1" in reader.domains
        with pytest.raises(Denied, match="readonly=True"):
            reader.domains["web1"].start()
        assert reader.domains["web1"].status().state == "shutoff"


def test_a_second_connection_can_do_no_more(conn: Connection) -> None:
    """What is opened beside a read-only connection is read only as well."""
    with connect("fake:///one", readonly=True) as reader:
        second = reader.second().raw
        with pytest.raises(virtkit.fake.libvirtError, match="read only"):
            second.defineXML(XML)
        second.close()


def test_a_file_that_cannot_be_made_is_a_host_that_does_not_answer(tmp_path: Path) -> None:
    """The error names the file, and says what it needs."""
    with pytest.raises(Disconnected, match=r"nowhere/host.db.* Hint: .*folder that exists"):
        connect(f"fake://{tmp_path}/nowhere/host.db")


def test_restore_returns_the_domain(running: Domain) -> None:
    """A saved domain comes back as it was, paused or running."""
    running.save("/var/tmp/web1.save")
    assert running.status().state == "shutoff"
    assert running.status().reason == "saved"
    again = running.connection.restore("/var/tmp/web1.save")
    assert again == running
    assert again.status().running


def test_restore_of_nothing_names_the_file(conn: Connection) -> None:
    """The error says which file."""
    with pytest.raises(HostError, match=r"restore '/no/such.save' on fake:///one"):
        conn.restore("/no/such.save")


def test_a_lost_connection_is_told(conn: Connection, domain: Domain) -> None:
    """When the host drops the connection, calls raise Disconnected, and closing still works."""
    virtkit.fake.host("one").drop_connections()
    with pytest.raises(Disconnected):
        domain.status()
    conn.close()


def test_many_threads_may_use_it(conn: Connection) -> None:
    """Threads define and find domains on one connection at the same time."""
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            conn.domains.define(XML.replace("web1", f"web{number}"))
            assert conn.domains[f"web{number}"].name == f"web{number}"
        except Exception as error:  # noqa: BLE001 - raised below, in the main thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(conn.domains) == 8


def test_unknown_domain(conn: Connection) -> None:
    """What is not there is a LookupError that names it."""
    with pytest.raises(NotFound, match="find domain 'nobody' on fake:///one"):
        conn.domains["nobody"]
