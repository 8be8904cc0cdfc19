"""One rendering: what it was given, and the spec that the template works on."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from jinja2.runtime import Context, missing

if TYPE_CHECKING:
    from virtkit.model import HostFacts
    from virtkit.spec import DomainSpec

_KEY = "virtkit.job"  # no template can spell it


class Job:
    """Makes the ``domain`` of one rendering, from variables or from a spec, and remembers it."""

    def __init__(
        self, variables: Mapping[str, Any], *, host: HostFacts | None = None, declared: frozenset[str] = frozenset()
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
        """Take *spec* as the domain, with ``type: auto`` decided."""
        if spec.type == "auto":
            spec = spec.model_copy(update={"type": domain_type(spec.arch, self.host)})
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


@pass_context
def spec(context: Context, /, **fields: Any) -> DomainSpec:
    """Make the template's domain: ``{% set domain = spec(name=name, memory=memory) %}``.

    Variables that the template does not declare, and that are fields of a DomainSpec, are set over these.

    Raises:
        SpecError: the fields make no valid spec.
    """
    job: Job = context.parent[_KEY]
    return job.build(fields)


def domain_type(arch: str | None, host: HostFacts | None) -> str:
    """Return the domain type for ``auto``.

    With the host's facts, the best that this host offers for *arch*. Without them: ``kvm`` for the
    architecture of this machine (or none stated), ``qemu`` for a foreign one.
    """
    native = _native()
    if host is not None:
        return host.domain_type(arch or native)
    return "kvm" if arch in {None, native} else "qemu"


def _native() -> str:
    machine = platform.machine()
    return {"amd64": "x86_64", "arm64": "aarch64", "AMD64": "x86_64"}.get(machine, machine)
