"""``domain.xml.j2`` and the macros of devices: every field is written, and the result is libvirt's XML."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.unit.spec.examples import every_domain
from tests.unit.spec.test_examples import specs
from virtkit import model, tree
from virtkit.errors import SpecError
from virtkit.rendering import render
from virtkit.spec import DomainSpec
from virtkit.spec.base import Part
from virtkit.spec.devices import KINDS

EXAMPLES = every_domain()
NOT_WRITTEN = {("DomainSpec", "xml"), ("HubSpec", "type"), ("RedirdevSpec", "bus")}
"""The first is merged after the template, which tests of the overlay show; the others have one value only."""


def written(spec: DomainSpec) -> str:
    return render(spec.model_copy(update={"xml": None}))


def parts(part: Part) -> Iterator[Part]:
    """Yield each part of a spec."""
    yield part
    for value in part.__dict__.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Part):
                yield from parts(item)


def classes(cls: type[Part] = Part) -> Iterator[type[Part]]:
    """Yield each class of part that a spec is made of."""
    for sub in cls.__subclasses__():
        if not sub.__subclasses__():
            yield sub
        yield from classes(sub)


def stated(part: Part) -> Iterator[str]:
    """Yield each field of a part that is not as by default."""
    for name, field in type(part).model_fields.items():
        if field.is_required() or getattr(part, name) != field.get_default(call_default_factory=True):
            yield name


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_written_is_valid_and_readable(name: str) -> None:
    """By libvirt's schema where it is installed; two blanks a level, no empty lines."""
    text = written(DomainSpec(**EXAMPLES[name]))
    assert model.validate(text) == []
    assert text.endswith("</domain>\n")
    depth = 0
    for line in re.sub(
        "<description>.*?</description>", "<description/>", text, flags=re.DOTALL
    ).splitlines():
        closing = line.lstrip().startswith("</")
        depth -= closing
        assert line == "  " * depth + line.strip(), line
        if not closing and not line.endswith("/>") and "</" not in line:
            depth += 1


def test_every_field_is_written() -> None:
    """Each field of each part makes a difference to some document: none is silently dropped."""
    makes_a_difference = set(NOT_WRITTEN)
    for fields in EXAMPLES.values():
        spec = DomainSpec(**fields)
        whole = written(spec)
        for part in parts(spec):
            kind = type(part)
            for name in stated(part):
                if (kind.__name__, name) in makes_a_difference:
                    continue
                field, value = kind.model_fields[name], getattr(part, name)
                if field.is_required():
                    if isinstance(value, int) or str(value) in whole or isinstance(value, list):
                        makes_a_difference.add((kind.__name__, name))
                    continue
                part.__dict__[name] = field.get_default(call_default_factory=True)
                try:
                    without = written(spec)
                except Exception:  # noqa: BLE001 # it cannot even be written without: so it makes a difference
                    without = ""
                part.__dict__[name] = value
                if without != whole:
                    makes_a_difference.add((kind.__name__, name))
    known = {(cls.__name__, name) for cls in classes() for name in cls.model_fields}
    silent = {(cls, name) for cls, name in known - makes_a_difference if name not in {"alias", "address"}}
    assert not silent


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"graphics", "audio"}])
def test_alias_and_address_are_written_for_each_kind(kind: str, tmp_path: Path) -> None:
    """All devices of the guest have them; a graphical console and the host's sound are none."""
    required = {
        "disk": "source='/a.raw', ",
        "interface": "network='a', ",
        "filesystem": "source='/a', target='a', ",
        "hostdev": "pci='06:00.0', ",
        "controller": "type='usb', ",
        "shmem": "name='a', ",
        "iommu": "model='intel', ",
        "memory": "size='1GiB', ",
    }.get(kind, "")
    template = tmp_path / "one.xml.j2"
    place = "alias='ua-mine', address={'type': 'pci', 'slot': '0x02'}"
    template.write_text("{{ " + f"{kind}({required}{place})" + " }}")
    text = render(template, validate=False)
    assert "<alias name='ua-mine'/>" in text
    assert "<address type='pci' slot='0x02'/>" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_macro_can_be_imported(kind: str, tmp_path: Path) -> None:
    """By its file, as templates of users do; it takes a part of a spec."""
    template = tmp_path / "mine.xml.j2"
    template.write_text(
        '{% extends "domain.xml.j2" %}\n{% from "devices/' + kind + '.xml.j2" import ' + kind + " %}\n"
        "{% block more_devices %}\n{% if one is defined %}\n    {{ "
        + kind
        + "(one) }}\n{% endif %}\n{% endblock %}\n"
    )
    spec = DomainSpec(name="web1", memory="1GiB")
    assert render(template, domain=spec) == render(spec)


def test_metadata_are_in_virtkits_namespace() -> None:
    """The one that overlays and the host's side look for."""
    root = tree.parse(render(DomainSpec(name="web1", memory="1GiB", metadata={"owner": "<alice>"})))
    entry = root.find(f"metadata/{{{model.NAMESPACE}}}domain/{{{model.NAMESPACE}}}entry")
    assert entry is not None
    assert (entry.get("name"), entry.text) == ("owner", "<alice>")


def test_a_block_can_be_overridden(tmp_path: Path) -> None:
    """It sees the completed spec, and what the shipped block writes is in super()."""
    template = tmp_path / "mine.xml.j2"
    template.write_text(
        '{% extends "domain.xml.j2" %}\n'
        "{% block events %}\n  <on_crash>preserve</on_crash>\n{% endblock %}\n"
        "{% block disks %}\n{{ super() }}"
        "    {{ disk(source='/srv/' ~ domain.name ~ '.raw', target='vdz') }}\n"
        "{% endblock %}\n"
    )
    text = render(template, domain=DomainSpec(name="web1", memory="1GiB", disks="/srv/a.qcow2"))
    assert "<on_crash>preserve</on_crash>" in text
    assert "<source file='/srv/a.qcow2'/>" in text
    assert "<source file='/srv/web1.raw'/>" in text
    assert model.validate(text) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(specs())
def test_whatever_a_spec_accepts_is_valid(fields: dict[str, Any]) -> None:
    """The spec's rules leave nothing to libvirt's schema to refuse."""
    try:
        spec = DomainSpec(**fields)
    except SpecError:
        assume(False)
    assert model.validate(written(spec)) == []


@pytest.mark.parametrize("kind", ["lxc", "xen", "bhyve", "vz"])
def test_only_qemus_folders_are_virtiofs(kind: str) -> None:
    """A container's mount is a plain one."""
    fields: dict[str, Any] = {"boot": {"init": "/init"}} if kind == "lxc" else {}
    spec = DomainSpec(
        name="a", type=kind, memory="64MiB", filesystems=[{"source": "/r", "target": "/"}], **fields
    )
    assert "<filesystem" in render(spec)
    assert "virtiofs" not in render(spec)
