"""The collection of domains: find, list, define, create, count."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from tests.unit.host.conftest import XML
from virtkit.errors import AlreadyExists, HostError, NotFound, NotSupported, ParseError, SpecError, WrongState
from virtkit.model import Domain as DomainDocument
from virtkit.spec import DomainSpec

if TYPE_CHECKING:
    from pathlib import Path

    from virtkit.host import Connection, Domain

OTHER_UUID = "11111111-2222-4333-8444-555555555555"


def test_find_list_and_count(domain: Domain) -> None:
    """By name, by UUID, all of them."""
    domains = domain.connection.domains
    assert domains["web1"] == domain
    assert domains.get("web1") == domain
    assert domains.get("nobody") is None
    assert domains.by_uuid(domain.uuid) == domain
    assert domains.by_uuid(uuid.UUID(domain.uuid)) == domain
    assert "web1" in domains
    assert "nobody" not in domains
    assert 17 not in domains
    assert list(domains) == [domain]
    assert len(domains) == 1
    with pytest.raises(NotFound):
        domains.by_uuid(str(uuid.uuid4()))


def test_a_list_is_one_call(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python asks a collection for its length when it makes a list of it; that costs no second call."""
    calls: list[int] = []
    raw = domain.connection.raw
    listing: Any = raw.listAllDomains

    def counted() -> Any:
        calls.append(1)
        return listing()

    monkeypatch.setattr(raw, "listAllDomains", counted)
    domains = domain.connection.domains
    assert list(domains) == [domain]
    assert len(calls) == 1
    domains.define(XML.replace("web1", "web2"))
    assert len(domains) == 2
    assert len([each for each in domains]) == 2  # noqa: C416 - goes the other way
    assert len(calls) == 3


def test_a_number_is_a_name(conn: Connection) -> None:
    """ "1" is never taken for an id."""
    conn.domains.create(XML)
    assert "1" not in conn.domains
    assert conn.domains.define(XML.replace("web1", "1")).name == "1"


def test_identity_is_uri_and_uuid(domain: Domain, other: Connection) -> None:
    """Two handles of one domain are equal and hash alike; a namesake elsewhere is another one."""
    again = domain.connection.domains["web1"]
    assert again == domain
    assert hash(again) == hash(domain)
    twin = other.domains.define(domain.xml())
    assert twin.uuid == domain.uuid
    assert twin != domain
    assert domain != "web1"
    assert repr(domain) == "<Domain 'web1' on fake:///one>"


@pytest.mark.parametrize("kind", ["text", "bytes", "document", "spec", "dict", "xml file", "yaml file"])
def test_every_way_to_say_a_domain(conn: Connection, tmp_path: Path, kind: str) -> None:
    """XML, a typed document, a spec, a dict, a file of either."""
    as_dict = {"name": "web1", "memory": "256MiB", "type": "qemu"}
    xml_file, yaml_file = tmp_path / "web1.xml", tmp_path / "web1.yaml"
    xml_file.write_text(XML)
    yaml_file.write_text("name: web1\nmemory: 256MiB\ntype: qemu\n")
    sources = {
        "text": XML,
        "bytes": XML.encode(),
        "document": DomainDocument.parse(XML),
        "spec": DomainSpec.from_dict(as_dict),
        "dict": as_dict,
        "xml file": xml_file,
        "yaml file": yaml_file,
    }
    domain = conn.domains.define(sources[kind])  # type: ignore[arg-type]
    assert domain.name == "web1"
    assert "<memory unit='KiB'>262144</memory>" in domain.xml()


def test_domain_type_is_asked_of_the_host(conn: Connection) -> None:
    """A spec with type auto gets what the host offers."""
    domain = conn.domains.define(DomainSpec.from_dict({"name": "web1", "memory": "256MiB"}))
    offered = conn.capabilities().domain_type()
    assert f"<domain type='{offered}'" in domain.xml()


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("linux", ParseError, "render"),
        (b"<\xff", ParseError, "UTF-8"),
        ("<domain", ParseError, "domain"),
        ({"name": "x", "memry": "1GiB"}, SpecError, "memry"),
        (17, SpecError, "not int"),
    ],
)
def test_what_is_no_domain(conn: Connection, source: object, error: type[Exception], words: str) -> None:
    """The error says what is wrong with it, and nothing is defined."""
    with pytest.raises((error, HostError), match=words):
        conn.domains.define(source)  # type: ignore[arg-type]
    assert len(conn.domains) == 0


def test_redefinition_keeps_identity(domain: Domain) -> None:
    """UUID and MAC stay when a new definition leaves them open; with or without a UUID in it."""
    before = domain.document(inactive=True)
    domains = domain.connection.domains
    again = domains.define(XML.replace(">256<", ">512<"))
    assert again == domain
    with_uuid = XML.replace("<memory", f"<uuid>{domain.uuid}</uuid><memory")
    assert domains.define(with_uuid) == domain
    after = domain.document(inactive=True)
    assert after.devices.interfaces[0].mac.address == before.devices.interfaces[0].mac.address
    assert len(domains) == 1


def test_redefinition_with_another_uuid_is_refused(domain: Domain) -> None:
    """Both UUIDs are named, and the definition stays."""
    before = domain.xml()
    with pytest.raises(AlreadyExists) as caught:
        domain.connection.domains.define(XML.replace("<memory", f"<uuid>{OTHER_UUID}</uuid><memory"))
    assert domain.uuid in str(caught.value)
    assert OTHER_UUID in str(caught.value)
    assert caught.value.code == 9
    assert domain.xml() == before


def test_a_uuid_of_ones_own_is_taken(conn: Connection) -> None:
    """A new domain gets the UUID of its document."""
    domain = conn.domains.define(XML.replace("<memory", f"<uuid>{OTHER_UUID}</uuid><memory"))
    assert domain.uuid == OTHER_UUID


def test_errors_of_define_name_the_domain(conn: Connection) -> None:
    """Also when libvirt refuses the document."""
    with pytest.raises(HostError, match="define 'a/b' on fake:///one"):
        conn.domains.define(XML.replace("web1", "a/b"))


def test_transient_domains_leave_nothing(conn: Connection) -> None:
    """They run at once, and are gone when they stop."""
    domain = conn.domains.create(XML, paused=True)
    assert domain.status(full=True).persistent is False
    assert domain.status().state == "paused"
    domain.destroy()
    assert "web1" not in conn.domains


def test_create_of_a_running_domain_is_refused(running: Domain) -> None:
    """Nothing happens to the one that runs."""
    with pytest.raises((WrongState, AlreadyExists)):
        running.connection.domains.create(running.xml())
    assert running.status().running


def test_statistics_of_all(running: Domain) -> None:
    """One record for each domain, in base units; groups beyond the state only when asked for."""
    running.connection.domains.define(XML.replace("web1", "web2"))
    found = running.connection.domains.statistics()
    assert {name: str(each.status.state) for name, each in found.items()} == {
        "web1": "running",
        "web2": "shutoff",
    }
    assert found["web1"].memory is None
    one = running.statistics()
    assert one.maximum_memory == 256 * 1024**2
    assert one.vcpus == 1
    with pytest.raises(ValueError, match="no statistics group 'disks'"):
        running.statistics(["disks"])  # type: ignore[list-item]


def test_drivers_without_bulk_statistics_are_asked_one_by_one(running: Domain) -> None:
    """Containers and others: the state of each; what they do not count is an error."""
    virtkit.fake.host("one").faults.add("getAllDomainStats", code=virtkit.fake.VIR_ERR_NO_SUPPORT)
    domains = running.connection.domains
    domains.define(XML.replace("web1", "web2"))
    found = domains.statistics()
    assert {name: str(each.status.state) for name, each in found.items()} == {
        "web1": "running",
        "web2": "shutoff",
    }
    with pytest.raises(NotSupported):
        domains.statistics(["cpu"])


def test_drivers_without_managed_save_have_no_image(domain: Domain) -> None:
    """A container can be looked at, applied to and deleted all the same."""
    virtkit.fake.host("one").faults.add("hasManagedSaveImage", code=virtkit.fake.VIR_ERR_NO_SUPPORT)
    assert domain.status(full=True).managed_save is False
    assert domain.connection.domains.apply(XML).outcome == "unchanged"
    assert domain.delete().existed


@pytest.mark.parametrize("verb", ["define", "create", "apply"])
def test_text_that_is_not_xml_is_a_parse_error(conn: Connection, verb: str) -> None:
    """With its line, whoever finds out."""
    with pytest.raises(ParseError) as caught:
        getattr(conn.domains, verb)("<domain>\n<name>web1</nam>\n</domain>")
    assert caught.value.line == 2
    assert not list(conn.domains)
