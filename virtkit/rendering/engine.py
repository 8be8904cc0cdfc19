"""``render``: from a spec, or from a template and its variables, to libvirt XML."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from virtkit import tree
from virtkit.errors import ParseError, SchemaError, SpecError, TemplateError
from virtkit.rendering.budget import allowance
from virtkit.rendering.catalogue import describe
from virtkit.rendering.environment import environment
from virtkit.rendering.faults import explain
from virtkit.rendering.job import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from virtkit.model import HostFacts
    from virtkit.rendering.places import Loader
    from virtkit.spec import DomainSpec

_UNLIMITED = nullcontext()
DOMAIN = "domain.xml.j2"

# What libvirt takes or gives, as documents and as the devices that can be attached to a running domain.
_ROOTS = frozenset(
    """
    domain domainbackup domaincheckpoint domainsnapshot network networkport pool volume filter filterbinding
    secret device interface cpu capabilities domainCapabilities sources
    disk controller hostdev redirdev smartcard filesystem serial parallel console channel input tpm graphics
    video audio sound rng memory memballoon watchdog panic shmem vsock iommu lease hub nvram
    """.split()  # noqa: SIM905 - it reads better
)

Folder = str | Path


def render(
    spec_or_template: DomainSpec | Mapping[str, Any] | Folder,
    *,
    templates: Folder | Iterable[Folder] | None = None,
    host: HostFacts | None = None,
    trusted: bool | None = None,
    validate: bool | Literal["auto"] = "auto",
    **variables: Any,
) -> str:
    """Return libvirt XML.

    ``render(spec)`` writes a DomainSpec, or a dict of one. ``render("linux", name="web", memory="2GiB")``
    writes a ready machine; `catalogue` lists them with their variables. ``render("mine.xml.j2",
    templates="folder", ...)`` writes a template of your own, and so does a ``pathlib.Path``.

    A template of your own may ``{% extends "domain.xml.j2" %}`` and override its blocks. Its ``domain``
    is what you give as ``domain=``, or what the template sets with ``{% set domain = spec(...) %}``, or
    else it is made of those variables that are fields of a DomainSpec. A ready machine takes the fields
    of a DomainSpec beside its own variables; they are set over what the machine says.

    Args:
        spec_or_template: a DomainSpec, the name of a template, or the path of one.
        templates: folders to look in before virtkit's own.
        host: what the host can run; templates see it as ``host``. It decides ``type: auto``. Without it
            auto is ``kvm`` for the architecture of the machine that renders, ``qemu`` for others.
        trusted: how far templates in *templates* are trusted. None: they cannot reach Python's insides
            (Jinja2's sandbox). True: they can do all that Python can. False: they come from elsewhere; they
            see only their variables, and can neither call nor loop without limits.
        validate: whether to check the result against libvirt's schema. "auto" does so where that is
            installed, for templates of your own and for specs with an ``xml`` overlay; what virtkit's own
            templates write of a valid spec is valid, and the check takes longer than the rendering.
        variables: what the template takes.

    Raises:
        SpecError: the variables make no valid spec, assignments made *spec_or_template* contradictory, or a
            field holds what XML cannot.
        TemplateError: there is no such template, it is wrong, it uses what it was not given, or what it
            renders is not a valid libvirt document. ``template`` and ``line`` say where.
        SchemaError: ``validate=True``, and libvirt's schema is not installed here.
    """
    folders = _folders(templates)
    if isinstance(spec_or_template, str | Path):
        if isinstance(spec_or_template, Path):
            folders = (spec_or_template.parent, *folders)
            spec_or_template = spec_or_template.name
        spec, wanted = variables.pop("domain", None), spec_or_template
    else:
        spec, wanted = _spec(spec_or_template), DOMAIN
        if variables and not folders:
            raise TemplateError(f"a spec takes no variables: set {', '.join(variables)} in the spec")
    made, loader = environment(folders, trusted=trusted)
    name = loader.resolve(wanted)
    if name is None:
        error = TemplateError(loader.missing(wanted))
        error.template = wanted
        raise error
    job = _job(loader, name, variables, host, spec)
    try:
        with allowance() if trusted is False else _UNLIMITED:
            text = made.get_template(name).render(job.context())
    except Exception as error:  # noqa: BLE001 - a template can raise anything
        raised = explain(error, loader, job, name)
        raise raised from (error if raised is not error else error.__cause__)
    own = bool(folders)
    overlay = job.domain.xml if job.domain is not None else None
    if not own and overlay is None and validate is not True:
        return text
    return _checked(text, overlay, name, validate)


def _spec(given: object) -> DomainSpec:
    from virtkit.spec import DomainSpec

    if isinstance(given, Mapping):
        return DomainSpec.from_dict(dict(given))
    if not isinstance(given, DomainSpec):
        raise SpecError(
            f"what is rendered is a DomainSpec, a dict of one, or a template, not {type(given).__name__}"
        )
    return given


def _folders(templates: Folder | Iterable[Folder] | None) -> tuple[Path, ...]:
    if templates is None:
        return ()
    if isinstance(templates, str | Path):
        return (Path(templates),)
    return tuple(map(Path, templates))


def _job(
    loader: Loader, name: str, given: dict[str, Any], host: HostFacts | None, spec: DomainSpec | None
) -> Job:
    declared: frozenset[str] = frozenset()
    variables = given
    if spec is None:
        info = describe(loader, name)
        if info.variables is not None:
            from virtkit.spec import DomainSpec

            variables = info.complete(given, DomainSpec.model_fields)
            declared = frozenset(variable.name for variable in info.variables)
    job = Job(variables, host=host, declared=declared)
    if spec is not None:
        job.use(spec)
    return job


def _checked(text: str, overlay: str | None, name: str, validate: bool | Literal["auto"]) -> str:
    """Return *text*, with *overlay* laid over it, if it is a document that libvirt could take."""
    try:
        root = tree.parse(text, "what the template renders")
    except ParseError as error:
        raise TemplateError(f"{error}{_excerpt(text, error.line)}", template=name) from error
    if root.tag not in _ROOTS:
        raise TemplateError(f"it renders <{root.tag!s}>, which is no libvirt document", template=name)
    if overlay is not None:
        text = _overlaid(root, overlay)
    if validate:
        _validated(text, str(root.tag), name, must=validate is True)
    return text


def _overlaid(root: etree._Element, overlay: str) -> str:
    from virtkit import model

    return model.merge(root, overlay)


def _validated(text: str, root: str, name: str, *, must: bool) -> None:
    from virtkit import model

    problems = model.validate(text)
    if must and not problems.by_schema:
        raise SchemaError(
            f"libvirt's schema for <{root}> is not installed, and cannot be asked: install libvirt's "
            "libraries, or set VIRTKIT_SCHEMAS to the schemas' folder, or leave validate=True out"
        )
    if problems and problems.by_schema:
        listed = "".join(f"\n  {problem}{_excerpt(text, problem.line)}" for problem in problems[:5])
        raise TemplateError(
            f"libvirt's schema does not allow what it renders:{listed}\n"
            "(validate=False renders it all the same)",
            template=name,
        ) from SchemaError(f"<{root}> is not valid", problems=problems)


def _excerpt(text: str, line: int | None) -> str:
    lines = text.splitlines()
    return f" in: {lines[line - 1].strip()[:200]}" if line and line <= len(lines) else ""
