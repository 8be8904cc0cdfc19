"""CPU documents: read, compared with a host's, and brought to what all of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.node import models
from virtkit.fake.reading import read_any, text_of
from virtkit.fake.reading import validate as check
from virtkit.fake.state.printing import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from virtkit.fake.node.hardware import Hardware

FROM = c.VIR_FROM_CPU
_POLICIES = ("force", "require", "optional", "disable", "forbid")
_MODES = ("custom", "host-model", "host-passthrough", "maximum")
_OWN = ("host-passthrough", "maximum")  # modes without a model
_X86 = ("i686", "x86_64")
_HIDDEN = ("cmt", "mbm_total", "mbm_local", "osxsave", "ospke")  # from QEMU


class Cpu(NamedTuple):
    """What a CPU document says."""

    host: bool
    arch: str | None
    model: str | None
    vendor: str | None
    features: list[tuple[str, str]]  # name and policy
    strict: bool = False


def _refuse(message: str, code: int = c.VIR_ERR_XML_ERROR) -> NoReturn:
    fail(code, FROM, message)


def read_cpu(xml: str, *, host: bool | None, validate: bool = False) -> Cpu:
    """Return what *xml* says.

    Args:
        xml: the document.
        host: whether it describes a host's CPU; None: it does if it names an architecture.
        validate: whether to check it against libvirt's schema.
    """
    tree = read_any(xml, "(CPU_definition)", FROM)
    if tree.tag != "cpu":
        _refuse("XML does not contain expected 'cpu' element")
    if validate:
        check(tree, "cpu.rng")
    if host is None:
        host = tree.find("arch") is not None
        if host and tree.get("match") is not None:
            _refuse("'arch' element cannot be used inside 'cpu' element with 'match' attribute'")
    mode = _mode(tree, host=host)
    arch = _arch(tree) if host else None
    model = text_of(tree, "model")
    if model is None and host:
        _refuse("Missing CPU model name")
    vendor = text_of(tree, "vendor")
    if vendor is not None and model is None:
        _refuse("CPU vendor specified without CPU model")
    features = _features(tree, host=host)
    if features and model is None and mode == "custom":
        _refuse("Non-empty feature list specified without CPU model")
    return Cpu(host, arch, model, vendor, features, strict=tree.get("match") == "strict")


def _mode(tree: etree._Element, *, host: bool) -> str:
    mode = tree.get("mode")
    if mode is None:
        return "" if host else "custom"
    if host:
        _refuse("Attribute mode is only allowed for guest CPU", c.VIR_ERR_CONFIG_UNSUPPORTED)
    if mode not in _MODES:
        _refuse(f"Invalid mode attribute '{mode}'", c.VIR_ERR_CONFIG_UNSUPPORTED)
    return mode


def _arch(tree: etree._Element) -> str:
    arch = text_of(tree, "arch")
    if arch is None:
        _refuse("Missing CPU architecture")
    if arch not in models.ARCHITECTURES:
        _refuse(f"Unknown architecture {arch}", c.VIR_ERR_CONFIG_UNSUPPORTED)
    return arch


def _features(tree: etree._Element, *, host: bool) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for feature in tree.findall("feature"):
        policy = "require" if host else feature.get("policy", "require")
        if policy not in _POLICIES:
            _refuse("Invalid CPU feature policy", c.VIR_ERR_CONFIG_UNSUPPORTED)
        name = feature.get("name")
        if not name:
            _refuse("Invalid CPU feature name")
        if name in found:
            _refuse(f"CPU feature '{name}' specified more than once")
        found[name] = policy
    return list(found.items())


def _model(name: str) -> models.Model:
    found = models.models().get(name)
    if found is None:
        _refuse(f"Unknown CPU model {name}", c.VIR_ERR_INTERNAL_ERROR)
    return found


def _known(name: str) -> str:
    if name not in models.ranks():
        _refuse(f"Unknown CPU feature {name}", c.VIR_ERR_INTERNAL_ERROR)
    return name


def with_policy(cpu: Cpu, policy: str) -> frozenset[str]:
    """Return the features that *cpu* gives a policy; the model's count as required."""
    if cpu.host and policy != "require":
        return frozenset()
    own = frozenset(_known(name) for name, given in cpu.features if given == policy)
    return own | _model(cpu.model).features if policy == "require" and cpu.model else own


def features_of(cpu: Cpu) -> frozenset[str]:
    """Return all features that *cpu* has."""
    found = set(_model(cpu.model).features if cpu.model else ())
    for name, policy in cpu.features:
        if policy in {"force", "require"}:
            found.add(_known(name))
        elif policy in {"disable", "forbid"}:
            found.discard(_known(name))
    return frozenset(found)


def of_host(hardware: Hardware) -> Cpu:
    """Return the CPU of a host."""
    model = models.models().get(hardware.cpu_model)
    vendor = hardware.cpu_vendor or (None if model is None else model.vendor)
    features = [(name, "require") for name in hardware.cpu_features]
    return Cpu(True, hardware.arch, hardware.cpu_model, vendor, features)


def compare(host: Cpu, cpu: Cpu, *, must_fit: bool) -> int:
    """Return whether a host can have *cpu*: a VIR_CPU_COMPARE_*.

    Args:
        host: the host's.
        cpu: what is wanted.
        must_fit: whether one that does not fit is an error.
    """
    reason = _misfit(host, cpu)
    if reason is not None:
        if must_fit:
            fail(c.VIR_ERR_CPU_INCOMPATIBLE, FROM, reason)
        return int(c.VIR_CPU_COMPARE_INCOMPATIBLE)
    return int(c.VIR_CPU_COMPARE_SUPERSET if _extra(host, cpu) else c.VIR_CPU_COMPARE_IDENTICAL)


def _misfit(host: Cpu, cpu: Cpu) -> str | None:
    if cpu.arch is not None and cpu.arch not in _X86:
        return f"CPU arch {cpu.arch} does not match host arch"
    if cpu.vendor is not None and cpu.vendor != host.vendor:
        return f"host CPU vendor does not match required CPU vendor {cpu.vendor}"
    has = features_of(host)
    forbidden = with_policy(cpu, "forbid") & has
    if forbidden:
        return f"Host CPU provides forbidden features: {_list(forbidden)}"
    missing = _required(cpu) - has
    if missing:
        return f"Host CPU does not provide required features: {_list(missing)}"
    if cpu.strict and not cpu.host and _extra(host, cpu):
        return f"Host CPU does not strictly match guest CPU: Extra features: {_list(_extra(host, cpu))}"
    return None


def _required(cpu: Cpu) -> frozenset[str]:
    others = (with_policy(cpu, policy) for policy in ("force", "optional", "disable"))
    return with_policy(cpu, "require").difference(*others)


def _extra(host: Cpu, cpu: Cpu) -> frozenset[str]:
    wanted = (with_policy(cpu, policy) for policy in ("optional", "disable", "force"))
    return features_of(host).difference(_required(cpu), *wanted)


def _list(features: frozenset[str]) -> str:
    return ", ".join(models.in_order(features))


def read_all(xmls: list[str], *, host: bool | None) -> list[Cpu]:
    """Return what each of *xmls* says, if there is any."""
    if not xmls:
        fail(c.VIR_ERR_INVALID_ARG, FROM, "no CPUs given")
    return [read_cpu(xml, host=host) for xml in xmls]


class Baseline(NamedTuple):
    """What all of some CPUs have."""

    described: models.Described
    vendor: str | None
    forbid: bool  # another model in its place


def baseline(
    cpus: list[Cpu],
    *,
    migratable: bool,
    has: frozenset[str] | None = None,
    allowed: Mapping[str, frozenset[str]] | None = None,
) -> Baseline:
    """Return the CPU that every one of *cpus* can stand for.

    Args:
        cpus: of which hosts.
        migratable: whether to leave out what a guest cannot take with it.
        has: what the hypervisor has of features; None: whatever.
        allowed: the models that it has, each with the features that are missing; None: all.
    """
    for place, cpu in enumerate(cpus):
        if cpu.model is None:
            fail(c.VIR_ERR_INVALID_ARG, FROM, f"no CPU model specified at index {place}")
    if cpus[0].arch is not None and cpus[0].arch not in _X86:
        return _elsewhere(cpus, cpus[0].arch)
    common = features_of(cpus[0])
    vendor, shown = _vendor(cpus)
    for cpu in cpus[1:]:
        common &= features_of(cpu)
    if has is not None:
        common &= has
    if not common:
        _refuse("CPUs are incompatible", c.VIR_ERR_OPERATION_FAILED)
    preferred = list(dict.fromkeys(str(cpu.model) for cpu in cpus))
    found = models.describe(common, vendor, preferred, allowed)
    if found is None:
        _refuse("Cannot find suitable CPU model for given data", c.VIR_ERR_INTERNAL_ERROR)
    if migratable:
        required = [name for name in found.required if name not in models.unmigratable()]
        found = found._replace(required=required)
    return Baseline(found, vendor if shown else None, forbid=preferred == [found.model.name])


def _elsewhere(cpus: list[Cpu], arch: str) -> Baseline:
    """Return the baseline of CPUs that are no x86."""
    if models.names(arch) is None:
        message = f"'{arch}' architecture is not supported by CPU driver"
        fail(c.VIR_ERR_NO_SUPPORT, FROM, message)
    if arch.startswith("s390"):
        fail(c.VIR_ERR_NO_SUPPORT, FROM, f"cannot compute baseline CPU of {arch} architecture")
    power = arch.startswith("ppc")
    unknown = next((cpu.model for cpu in cpus if power and cpu.model not in (models.names(arch) or ())), None)
    if unknown is not None:
        _refuse(f"Unknown CPU model {unknown}", c.VIR_ERR_INTERNAL_ERROR)
    if power and len({cpu.model for cpu in cpus}) > 1:
        _refuse("CPUs are incompatible", c.VIR_ERR_OPERATION_FAILED)
    model = models.Model(str(cpus[0].model), None, True, frozenset(), [])
    return Baseline(models.Described(model, [], []), None, forbid=power)


def _vendor(cpus: list[Cpu]) -> tuple[str | None, bool]:
    """Return who made all of them, and whether each says so."""
    found: str | None = None
    for place, cpu in enumerate(cpus):
        own = models.models()[str(cpu.model)].vendor
        if place and cpu.vendor and own and cpu.vendor != own:
            message = f"CPU vendor {own} of model {cpu.model} differs from vendor {cpu.vendor}"
            _refuse(message, c.VIR_ERR_OPERATION_FAILED)
        vendor = cpu.vendor or (own if place else None)
        if vendor is None:
            continue
        if found is None and vendor not in models.vendors():
            _refuse(f"Unknown CPU vendor {vendor}", c.VIR_ERR_OPERATION_FAILED)
        if found is not None and found != vendor:
            _refuse("CPU vendors do not match", c.VIR_ERR_OPERATION_FAILED)
        found = vendor
    return found, all(cpu.vendor for cpu in cpus)


def print_baseline(found: Baseline, *, expand: bool, hide: bool) -> str:
    """Return *found* as a guest's CPU document.

    Args:
        found: what was found.
        expand: whether to name the features of the model too.
        hide: whether to leave out what QEMU's driver never shows.
    """
    described = found.described
    features = [(name, "require") for name in described.required]
    features += [(name, "disable") for name in described.disabled]
    if hide:
        features = [(name, policy) for name, policy in features if name not in _HIDDEN]
    if expand:
        features = sorted({**dict.fromkeys(described.model.features, "require"), **dict(features)}.items())
    fallback = "forbid" if found.forbid else "allow"
    lines = ["<cpu mode='custom' match='exact'>"]
    lines.append(f"  <model fallback='{fallback}'>{described.model.name}</model>")
    if found.vendor is not None:
        lines.append(f"  <vendor>{quote(found.vendor)}</vendor>")
    lines += [f"  <feature policy='{policy}' name='{name}'/>" for name, policy in features]
    return "\n".join([*lines, "</cpu>"]) + "\n"
