"""One rendering: what it was given, and the spec that the template works on."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateRuntimeError, pass_context
from jinja2.runtime import Context
from jinja2.utils import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkit.model import HostFacts
    from virtkit.spec import DomainSpec

_KEY = "virtkit.job"  # no template can spell it
_TYPES = {"exe": "lxc", "linux": "xen", "xen": "xen", "xenpvh": "xen"}
"""The domain types of guests that are no whole machines, by OS type."""


class Job:
    """Makes the ``domain`` of one rendering, from variables or from a spec, and remembers it."""

    def __init__(
        self,
        variables: Mapping[str, Any],
        *,
        host: HostFacts | None = None,
        declared: frozenset[str] = frozenset(),
    ) -> None:
        self.variables = variables
        self.host = host
        self.declared = declared
        self.domain: DomainSpec | None = None

    def context(self) -> dict[str, Any]:
        """Return the variables that the template sees."""
        seen = {**self.variables, "host": self.host, _KEY: self}
        if self.domain is not None:
            seen["domain"] = self.domain
        return seen

    def use(self, spec: DomainSpec) -> DomainSpec:
        """Take *spec* as the domain, with ``type: auto`` decided.

        Raises:
            SpecError: it was made contradictory after it was built, or it does not go with that type.
        """
        if spec.type == "auto":
            spec = spec.model_copy(update={"type": auto_type(spec.arch, self.host, spec.os_type)})
        spec.verify()
        self.domain = spec
        return spec

    def build(self, fields: Mapping[str, Any]) -> DomainSpec:
        """Make the domain from *fields*, and from those variables that nobody declared and a spec has."""
        from virtkit.spec import DomainSpec

        known = DomainSpec.model_fields
        extra = {k: v for k, v in self.variables.items() if k in known and k not in self.declared}
        return self.use(DomainSpec(**{**fields, **extra}))


class LazyContext(Context):
    """Makes ``domain`` when a template asks for it and nobody gave it."""

    def resolve_or_missing(self, key: str) -> Any:
        """Look up a variable, as Jinja2 wants it."""
        if key in self.vars:
            return self.vars[key]
        if key in self.parent:
            return self.parent[key]
        job = self.parent.get(_KEY) if key == "domain" else None
        if job is None:
            return missing
        if job.domain is None:
            job.declared = frozenset()
            job.build({})
        return job.domain


def _job_of(context: Context) -> Job:
    job = context.parent.get(_KEY)
    if not isinstance(job, Job):
        raise TemplateRuntimeError(
            "macros that are imported have no domain: call this in the template itself"
        )
    return job


@pass_context
def spec(context: Context, /, **fields: Any) -> DomainSpec:
    """Make the domain that the template writes.

    Templates say ``{% set domain = spec(name=name, memory="1GiB") %}`` before they extend ``domain.xml.j2``.

    Variables that the template does not declare, and that are fields of a DomainSpec, are set over these.

    Raises:
        SpecError: the fields make no valid spec.
    """
    return _job_of(context).build(fields)


@pass_context
def domain_type(context: Context, wanted: str = "auto", arch: str | None = None) -> str:
    """Return *wanted*, with ``auto`` decided as for a spec."""
    return auto_type(arch, _job_of(context).host) if wanted == "auto" else wanted


def auto_type(arch: str | None, host: HostFacts | None, os_type: str | None = None) -> str:
    """Return the domain type for ``auto``.

    With the host's facts, the best that this host offers for *arch* and *os_type*. Without them: ``lxc``
    for containers, ``xen`` for Xen's paravirtual guests, ``kvm`` for the architecture of this machine (or
    none stated), ``qemu`` for a foreign one.
    """
    if host is not None:
        return host.domain_type(arch, "xen" if os_type == "linux" else os_type)
    if os_type in _TYPES:
        return _TYPES[os_type]
    return "kvm" if arch in {None, _native()} else "qemu"


def _native() -> str:
    from virtkit.model.facts import architecture

    return architecture(platform.machine())
