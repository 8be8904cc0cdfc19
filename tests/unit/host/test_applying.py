"""apply(): the definition becomes what was stated, and says what that changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from tests.unit.host.conftest import XML
from virtkit.errors import AlreadyExists, HostError
from virtkit.rendering import catalogue, render

if TYPE_CHECKING:
    from virtkit.host import Connection, Domain
    from virtkit.rendering import TemplateInfo

BIGGER = XML.replace(">256<", ">512<")
OTHER_UUID = "11111111-2222-4333-8444-555555555555"


def test_created_then_unchanged(conn: Connection) -> None:
    """The second time there is nothing to do, and nothing is written."""
    first = conn.domains.apply(XML)
    assert first.outcome == "created"
    assert first.changed
    assert first.domain == conn.domains["web1"]
    before = conn.domains["web1"].xml()
    again = conn.domains.apply(XML)
    assert (again.outcome, again.changed, again.changes) == ("unchanged", False, ())
    assert conn.domains["web1"].xml() == before


MACHINES = [each for each in catalogue() if each.machine]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda each: each.name)
def test_each_ready_machine_is_unchanged_the_second_time(conn: Connection, machine: TemplateInfo) -> None:
    """What libvirt fills in is no difference, off or running, and there is nothing to prune."""
    values: dict[str, Any] = {each.name: "/srv/it" for each in machine.variables or () if each.required}
    xml = render(machine.name, host=conn.capabilities(), **{**values, "name": "web1"})
    created = conn.domains.apply(xml)
    assert (created.outcome, created.refused) == ("created", ())
    conn.domains["web1"].start()
    again = conn.domains.apply(xml, prune=True)
    assert (again.outcome, again.changes, again.restart_required) == ("unchanged", (), False)


def test_what_libvirt_leaves_out_needs_no_restart(running: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would not be there afterwards either; it is said as refused, each time."""
    domains, stated = running.connection.domains, "<hap state='on'/>"
    define = domains.define_raw
    monkeypatch.setattr(domains, "define_raw", lambda xml: define(re.sub(" *<hap [^>]*>\n?", "", xml)))
    for _ in range(2):
        applied = domains.apply(XML.replace("<features>", f"<features>{stated}"))
        assert applied.outcome == "unchanged"
        assert [each.path for each in applied.refused] == ["domain/features/hap"]
        assert not applied.restart_required


def test_updated_keeps_what_was_not_stated(conn: Connection) -> None:
    """Another's device, a password, UUID and MAC stay."""
    domain = conn.domains.define(
        XML.replace(
            "</devices>",
            "<graphics type='vnc' passwd='geheim'/><rng model='virtio'><backend model='random'>"
            "/dev/urandom</backend></rng></devices>",
        )
    )
    mac = domain.document().devices.interfaces[0].mac.address
    applied = conn.domains.apply(BIGGER)
    assert applied.outcome == "updated"
    assert [str(change) for change in applied.changes] == [
        "domain/memory: 512 MiB is wanted, 262144 KiB is there"
    ]
    assert applied.domain == domain
    after = domain.xml(inactive=True, secure=True)
    assert "524288" in after
    assert "geheim" in after
    assert "<rng" in after
    assert mac is not None
    assert mac in after


def test_prune_removes_devices_that_were_not_stated(conn: Connection) -> None:
    """Only when asked to."""
    rng = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng></devices>"
    domain = conn.domains.define(XML.replace("</devices>", rng))
    assert not conn.domains.apply(XML).changed
    assert conn.domains.apply(XML, prune=True).outcome == "updated"
    assert "<rng" not in domain.xml()


def test_dry_run_writes_nothing(conn: Connection) -> None:
    """It says what would be done."""
    assert conn.domains.apply(XML, dry_run=True).outcome == "created"
    assert len(conn.domains) == 0
    domain = conn.domains.define(XML)
    before = domain.xml()
    planned = conn.domains.apply(BIGGER, dry_run=True)
    assert planned.outcome == "updated"
    assert planned.changes
    assert domain.xml() == before


def test_a_running_domain_needs_a_restart(running: Domain) -> None:
    """Its definition is another one, what runs is not; that stays said until it has restarted."""
    domains = running.connection.domains
    assert not domains.apply(XML).restart_required
    assert domains.apply(BIGGER).restart_required
    assert domains.apply(BIGGER).outcome == "unchanged"
    assert domains.apply(BIGGER).restart_required
    running.stop()
    running.start()
    assert not domains.apply(BIGGER).restart_required


def test_a_managed_save_image_is_said_and_can_be_discarded(running: Domain) -> None:
    """start() would go on with the old hardware."""
    running.managed_save()
    domains = running.connection.domains
    assert domains.apply(XML).saved
    assert domains.apply(BIGGER).saved
    assert not domains.apply(XML.replace(">256<", ">768<"), saved="discard").saved
    assert running.status(full=True).managed_save is False


def test_another_uuid_is_refused(domain: Domain) -> None:
    """A name belongs to one UUID."""
    before = domain.xml()
    with pytest.raises(AlreadyExists, match=OTHER_UUID):
        domain.connection.domains.apply(BIGGER.replace("<memory", f"<uuid>{OTHER_UUID}</uuid><memory"))
    assert domain.xml() == before


def test_failure_after_writing_is_undone(domain: Domain) -> None:
    """If the result cannot be read back, the old definition is there again."""
    before = domain.xml()
    faults = virtkit.fake.host("one").faults
    faults.add("XMLDesc", nth=2, times=1)
    with pytest.raises(HostError, match="fault on demand"):
        domain.connection.domains.apply(BIGGER)
    faults.clear()
    assert domain.xml() == before


def test_failure_after_creating_is_undone(conn: Connection) -> None:
    """What this call made, it removes."""
    faults = virtkit.fake.host("one").faults
    faults.add("XMLDesc", nth=1, times=1)
    with pytest.raises(HostError, match="fault on demand"):
        conn.domains.apply(XML)
    faults.clear()
    assert len(conn.domains) == 0


def test_failure_to_write_changes_nothing(domain: Domain) -> None:
    """libvirt refuses; the definition stays."""
    before = domain.xml()
    virtkit.fake.host("one").faults.add("defineXML")
    with pytest.raises(HostError):
        domain.connection.domains.apply(BIGGER)
    assert domain.xml() == before


def test_a_transient_domain_gets_a_definition(conn: Connection) -> None:
    """It runs on, and is there when it is off; before, it would have been gone."""
    transient = conn.domains.create(XML)
    assert conn.domains.apply(XML, dry_run=True).outcome == "created"
    assert not transient.is_persistent()
    applied = conn.domains.apply(XML)
    assert (applied.outcome, applied.restart_required) == ("created", False)
    assert transient.is_persistent()
    assert transient.status().active
    transient.destroy()
    assert conn.domains["web1"].uuid == transient.uuid
