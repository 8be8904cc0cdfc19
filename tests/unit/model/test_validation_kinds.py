"""Documents of every kind are checked; without a schema by the typed views, and the findings say so."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

import virtkit
from virtkit import model, tree
from virtkit.model import schemas, validation

if TYPE_CHECKING:
    from pathlib import Path

needs_schemas = pytest.mark.skipif(not model.schema_available(), reason="libvirt's schemas are not installed")

FAULTS = {
    "domain": "<domain type='kvm'>\n<name>x</name><on_crash>explode</on_crash></domain>",
    "network": "<network>\n<name>n</name><forward mode='natt'/></network>",
    "networkport": "<networkport>\n<group></group><plug type='netwrk'/></networkport>",
    "pool": "<pool type='dir'>\n<nane>p</nane></pool>",
    "volume": "<volume>\n<target><formt type='qcow2'/></target></volume>",
    "storagepoolCapabilities": "<storagepoolCapabilities>\n<pol type='dir'/></storagepoolCapabilities>",
    "domainsnapshot": "<domainsnapshot>\n<memory snapshot='bad'/></domainsnapshot>",
    "domaincheckpoint": "<domaincheckpoint>\n<disk/></domaincheckpoint>",
    "domainbackup": "<domainbackup mode='push'>\n<incremntal>x</incremntal></domainbackup>",
    "filter": "<filter name='f'>\n<rule action='dorp' direction='in'/></filter>",
    "filterbinding": "<filterbinding>\n<portdv name='x'/></filterbinding>",
    "secret": "<secret ephemeral='maybe' private='no'>\n<description>x</description></secret>",
    "interface": "<interface type='ethernet' name='e' startmode='x'>\n<mtu size='9'/></interface>",
    "device": "<device>\n<nmae>computer</nmae></device>",
    "capabilities": "<capabilities>\n<hots/></capabilities>",
    "domainCapabilities": "<domainCapabilities>\n<pth>x</pth></domainCapabilities>",
    "cpu": "<cpu mode='host-modell'>\n<model/></cpu>",
    "disk": "<disk type='file'>\n<driver name='qemu' cache='writebakc'/><target dev='vda'/></disk>",
}


@pytest.fixture
def no_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without libvirt."""
    monkeypatch.delenv("VIRTKIT_SCHEMAS", raising=False)
    monkeypatch.setattr(schemas, "FOLDERS", ())


@needs_schemas
@pytest.mark.parametrize("kind", FAULTS)
def test_the_root_element_chooses_the_schema(kind: str) -> None:
    """A document of each kind, or one device; libvirt's version is named where it can be known."""
    findings = model.validate(FAULTS[kind])
    assert findings
    assert findings.by_schema
    assert "libvirt" in findings.source
    assert model.schema_available(kind)


NOT_BY_VIEWS = {"domaincheckpoint"}  # what is wrong there is what is missing


@pytest.mark.usefixtures("no_schemas")
@pytest.mark.parametrize("kind", sorted(FAULTS.keys() - NOT_BY_VIEWS))
def test_without_schemas_the_views_find_what_is_unknown(kind: str) -> None:
    """Elements, attributes and values, with line and path, as `virtkit.validate` says it too."""
    findings = virtkit.validate(FAULTS[kind])
    assert findings
    assert all(problem.line in (1, 2) for problem in findings)
    assert isinstance(findings, model.Findings)
    assert (findings.by_schema, findings.source) == (False, "virtkit's model")
    assert not model.schema_available(kind)


@pytest.mark.usefixtures("no_schemas")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<domain>\n<memroy/></domain>",
         "line 2: /domain/memroy: there is no element <memroy> here; did you mean 'memory'?"),
        ("<domain tipe='kvm'/>",
         "line 1: /domain/@tipe: there is no attribute 'tipe' here; did you mean 'type'?"),
        ("<domain><on_crash>restrat</on_crash></domain>",
         "/domain/on_crash: 'restrat' is not allowed; did you mean 'restart'?; allowed: coredump-destroy"),
        ("<domain><vcpu current='two'/></domain>",
         "/domain/vcpu/@current: 'two' is not allowed; allowed: a whole number"),
        ("<domain>text</domain>", "line 1: /domain: 'text' is not allowed"),
        ("<domain><devices><disk><source startupPolicy='x'/></disk></devices></domain>",
         "/domain/devices/disk/source/@startupPolicy: 'x' is not allowed; allowed: mandatory"),
    ],
)  # fmt: skip
def test_what_the_views_say(text: str, said: str) -> None:
    """The same words as by a schema."""
    assert said in str(model.validate(text)[0])


@pytest.mark.usefixtures("no_schemas")
def test_the_views_leave_metadata_alone() -> None:
    """It is the applications' own, as is a hypervisor's cookie."""
    text = "<domain><metadata><a:b xmlns:a='urn:a' x='1'>t<c/></a:b></metadata></domain>"
    assert model.validate(text) == []
    assert model.validate("<domainsnapshot><cookie><anything/></cookie></domainsnapshot>") == []


@needs_schemas
def test_libvirts_of_many_versions_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the library beside the schemas, or the build file of the source; else by their folder."""
    source = schemas.schema_path("domain")
    assert source is not None
    folder = tmp_path / "share/libvirt/schemas"
    folder.mkdir(parents=True)
    for file in source.parent.glob("*.rng"):
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("VIRTKIT_SCHEMAS", str(folder))
    assert model.validate("<domain/>").source == f"the schema in {folder}, of an unknown libvirt"
    (tmp_path / "lib64").mkdir()
    (tmp_path / "lib64/libvirt.so.0.11003.2").touch()
    schemas.version.cache_clear()
    assert model.validate("<domain/>").source == "libvirt 11.3.2's schema"
    (tmp_path / "meson.build").write_text("project(\n  'libvirt', 'c',\n  version: '12.0.1',\n)\n")
    schemas.version.cache_clear()
    assert model.validate("<domain/>").source == "libvirt 12.0.1's schema"
    schemas.version.cache_clear()


@needs_schemas
@pytest.mark.parametrize(
    "content",
    [
        "<a/>" * 3000,
        "<a>" * 250 + "</a>" * 250,
        "<metadata>" + "<a xmlns='urn:x'>" * 250 + "</a>" * 250 + "</metadata>",
        "<devices><disk>" + "<backingStore>" * 250 + "</backingStore>" * 250 + "</disk></devices>",
        f"<{'b' * 40_000} {'c' * 40_000}='1'/>",
        f"<uuid>{'1-' * 100_000}</uuid>",
        f"<on_crash>{'destroy' * 100_000}</on_crash>",
        f"<devices><disk device='{'x' * 100_000}' type='{'y,' * 100_000}'/></devices>",
    ],
)
def test_findings_stay_few_and_short(content: str) -> None:
    """Whatever a document holds; and both ways of checking come to an end."""
    root = tree.parse(f"<domain type='kvm'>{content}</domain>")
    for findings in (model.validate(root), validation.by_model(root)):
        assert len(findings) <= 1001
        assert all(len(str(problem)) < 5000 for problem in findings)


def test_a_schema_s_name_is_no_path() -> None:
    """A root element leads to no file but a schema in its folder, and to none without a start."""
    for name in ("{../../etc}passwd", "basictypes", "domaincommon"):
        assert schemas.schema_path("{../../etc}passwd") is None
        assert not model.schema_available(name)


def test_findings_pass_between_processes() -> None:
    """With who found them."""
    findings = model.validate("<domian/>")
    again = pickle.loads(pickle.dumps(findings))
    assert again == findings == list(findings)
    assert (again.source, again.by_schema) == (findings.source, findings.by_schema)
