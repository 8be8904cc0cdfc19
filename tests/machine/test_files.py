"""``test:///abs/path.xml`` is what libvirt makes of the file: contents, faults, users."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NS = "xmlns:test='http://libvirt.org/schemas/domain/test/1.0'"
_BODY = "<memory>65536</memory><os><type>hvm</type></os>"


def _domain(name: str, number: int, inner: str) -> str:
    uuid = f"11111111-0000-0000-0000-00000000000{number}"
    return f"<domain type='test' {_NS}><name>{name}</name><uuid>{uuid}</uuid>{_BODY}{inner}</domain>"


_SNAPSHOTS = """
<test:domainsnapshot>
  <name>s1</name><state>running</state><creationTime>1300000000</creationTime><active>0</active>
</test:domainsnapshot>
<test:domainsnapshot><name>s2</name><state>shutoff</state><creationTime>1300000001</creationTime>
  <parent><name>s1</name></parent><active>1</active>
</test:domainsnapshot>"""
_NIC = "<devices><interface type='user'><mac address='52:54:00:00:00:01'/></interface></devices>"
_FULL = f"""<node>
  <cpu><mhz>6000</mhz><model>i986</model><active>50</active><nodes>4</nodes><sockets>4</sockets>
    <cores>4</cores><threads>2</threads></cpu>
  <memory>8192000</memory>
  {_domain("running", 1, _NIC)}
  {_domain("paused", 2, "<test:runstate>3</test:runstate>" + _SNAPSHOTS)}
  {_domain("off", 3, "<test:runstate>5</test:runstate><test:hasmanagedsave/>")}
  {_domain("transient", 4, "<test:transient/>")}
  {_domain("crashed", 5, "<test:runstate>6</test:runstate>")}
  <domain file='other.xml'/>
  <network><name>n1</name><uuid>21111111-0000-0000-0000-000000000001</uuid><bridge name='b'/></network>
  <interface type='ethernet' name='eth5'><start mode='none'/><mac address='aa:bb:cc:00:00:01'/></interface>
  <pool type='dir'><name>p1</name><uuid>31111111-0000-0000-0000-000000000001</uuid>
    <target><path>/p1</path></target>
    <volume><name>v1</name><capacity>1000</capacity><allocation>500</allocation></volume>
    <volume type='file'><name>v2</name><key>/k/v2</key><capacity unit='M'>1</capacity>
      <target><path>/x/v2</path><format type='qcow2'/></target></volume>
  </pool>
  <device><name>dev1</name><capability type='system'><hardware><vendor>v</vendor>
    <uuid>11111111-2222-3333-4444-555555555555</uuid></hardware><firmware/></capability></device>
</node>"""
_OTHER = (
    f"<domain type='test'><name>other</name><uuid>11111111-0000-0000-0000-000000000006</uuid>{_BODY}</domain>"
)
_AUTH = "<node><auth><user password='p'>u</user><user>free</user></auth></node>"


def _state(inner: str) -> str:
    return f"<node><domain type='test' {_NS}><name>d</name>{_BODY}{inner}</domain></node>"


FAULTY = {
    "not XML": "<node\n",
    "another root": "<domain/>",
    "a bad domain": "<node><domain type='test'/></node>",
    "a bad number": "<node><cpu><nodes>x</nodes></cpu></node>",
    "a bad memory": "<node><memory>x</memory></node>",
    "a long model": f"<node><cpu><model>{'abc' * 12}</model></cpu></node>",
    "no such file": "<node><domain file='none.xml'/></node>",
    "no user": "<node><auth><user></user></auth></node>",
    "users": _AUTH,
    "a state out of range": _state("<test:runstate>9</test:runstate>"),
    "a negative state": _state("<test:runstate>-1</test:runstate>"),
    "a state in words": _state("<test:runstate>x</test:runstate>"),
    "transient and off": _state("<test:runstate>5</test:runstate><test:transient/>"),
    "saved and running": _state("<test:hasmanagedsave/>"),
    "a snapshot that is not said to be current": _state(
        "<test:domainsnapshot><name>s</name><state>running</state></test:domainsnapshot>"
    ),
}


@pytest.fixture
def both() -> Iterator[tuple[Any, Any]]:
    """Libvirt's module and the fake, quiet."""
    modules = (
        pytest.importorskip("libvirt", reason="libvirt-python is not installed"),
        import_module("virtkit.fake"),
    )
    for module in modules:
        module.registerErrorHandler(lambda *_: None, None)
    yield modules
    for module in modules:
        module.registerErrorHandler(None, None)


def _answer(module: Any, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except module.libvirtError as error:
        return error.err


@pytest.mark.parametrize("name", FAULTY)
def test_faulty_files(both: tuple[Any, Any], tmp_path: Path, name: str) -> None:
    """The same error, all nine parts of it."""
    (tmp_path / "node.xml").write_text(FAULTY[name])
    uri = f"test://{tmp_path}/node.xml"
    real, fake = (_answer(module, lambda: module.open(uri)) for module in both)  # noqa: B023
    assert fake == real


def test_no_file(both: tuple[Any, Any], tmp_path: Path) -> None:
    """Nor a folder."""
    for path in (tmp_path / "none.xml", tmp_path):
        real, fake = (_answer(module, lambda: module.open(f"test://{path}")) for module in both)  # noqa: B023
        assert fake == real


def _contents(module: Any, uri: str) -> dict[str, Any]:
    conn = module.open(uri)
    seen: dict[str, Any] = {
        call: _answer(module, getattr(conn, call))
        for call in ("getInfo", "getCapabilities", "getURI", "getFreeMemory", "getCPUMap", "numOfDomains")
    }
    seen["cells"] = _answer(module, lambda: conn.getCellsFreeMemory(0, 2))
    for domain in conn.listAllDomains():
        seen[domain.name()] = [
            _answer(module, getattr(domain, call))
            for call in ("ID", "state", "isPersistent", "hasManagedSaveImage", "autostart", "XMLDesc")
        ]
        seen[f"{domain.name()} inactive"] = domain.XMLDesc(2)
        seen[f"{domain.name()} snapshots"] = sorted(
            (snap.getName(), snap.isCurrent(), snap.getXMLDesc()) for snap in domain.listAllSnapshots()
        )
        seen[f"{domain.name()} changed"] = [
            (_answer(module, getattr(domain, call)), _answer(module, domain.state))
            for call in ("suspend", "resume", "shutdown", "create")
        ]
    for kind in ("Networks", "Interfaces", "StoragePools", "Devices"):
        seen[kind] = [(each.name(), each.XMLDesc(0)) for each in getattr(conn, f"listAll{kind}")()]
    pool = conn.storagePoolLookupByName("p1")
    seen["pool"] = pool.info()
    seen["volumes"] = sorted((vol.key(), vol.info(), vol.XMLDesc(0)) for vol in pool.listAllVolumes())
    return seen


def test_contents(both: tuple[Any, Any], tmp_path: Path) -> None:
    """Everything that the file says, and what can be done with it."""
    (tmp_path / "node.xml").write_text(_FULL)
    (tmp_path / "other.xml").write_text(_OTHER)
    real, fake = (_contents(module, f"test://{tmp_path}/node.xml") for module in both)
    assert fake == real


def test_connections_are_apart(both: tuple[Any, Any], tmp_path: Path) -> None:
    """Each connection reads the file anew."""
    (tmp_path / "node.xml").write_text(_FULL)
    (tmp_path / "other.xml").write_text(_OTHER)
    for module in both:
        one, two = (module.open(f"test://{tmp_path}/node.xml") for _ in range(2))
        one.lookupByName("running").destroy()
        assert (one.numOfDomains(), two.numOfDomains()) == (4, 5)


@pytest.mark.parametrize(
    ("name", "password", "kinds", "result", "flags"),
    [
        ("u", "p", [2, 5], 0, 0),
        ("u", "p", [2, 5], 0, 1),
        ("u", "p", [2, 5], 0, 4),
        ("u", "x", [2, 5], 0, 0),
        ("free", "x", [2, 5], 0, 0),
        ("nobody", "p", [2, 5], 0, 0),
        (None, None, [2, 5], 0, 0),
        ("u", None, [2, 5], 0, 0),
        ("u", "p", [2], 0, 0),
        ("u", "p", [], 0, 0),
        ("u", "p", [2, 5], -1, 0),
        ("", "", [2, 5], 0, 0),
    ],
)
def test_users(
    both: tuple[Any, Any],
    tmp_path: Path,
    name: str | None,
    password: str | None,
    kinds: list[int],
    result: int,
    flags: int,
) -> None:
    """openAuth asks for a name and a password, and refuses wrong ones."""
    (tmp_path / "node.xml").write_text(_AUTH)
    asked: list[list[Any]] = []

    def ask(credentials: list[list[Any]], opaque: Any) -> int:
        for credential in credentials:
            asked.append([*credential[:4], opaque])
            credential[4] = name if credential[0] == 2 else password
        return result

    answers = []
    for module in both:
        asked.clear()
        uri = f"test://{tmp_path}/node.xml"
        opened = _answer(module, lambda: bool(module.openAuth(uri, [kinds, ask, "mine"], flags)))  # noqa: B023
        answers.append((opened, list(asked)))
    assert answers[1] == answers[0]
