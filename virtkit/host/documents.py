"""What people hand over as a domain becomes the XML text that libvirt takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virtkit.errors import ParseError, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from virtkit.model import Domain as DomainDocument
    from virtkit.model import HostFacts
    from virtkit.spec import DomainSpec

    Source: TypeAlias = DomainSpec | DomainDocument | Mapping[str, Any] | str | bytes | Path

_YAML = {".yaml", ".yml"}


def xml_of(source: Source, facts: Callable[[], HostFacts]) -> str:
    """Return the domain XML that *source* stands for.

    Args:
        source: A DomainSpec, a dict of one, domain XML as text or bytes, a typed document, or the Path of a
            file: ``.yaml`` or ``.yml`` holds a spec, anything else XML.
        facts: Called only if the spec leaves the domain type to the host.

    Raises:
        SpecError: The spec is not usable.
        ParseError: Text that is not XML.
    """
    if isinstance(source, Path):
        return _from_file(source, facts)
    if isinstance(source, bytes):
        source = _decoded(source)
    if isinstance(source, str):
        if not source.lstrip("\ufeff \t\r\n").startswith("<"):
            raise ParseError(
                f"not domain XML: {source[:40]!r}. A template is rendered first: define(render(name, ...)); "
                "a file is given as a pathlib.Path"
            )
        return source
    if isinstance(source, Mapping):
        from virtkit.spec import DomainSpec

        source = DomainSpec.from_dict(dict(source))
    to_xml = getattr(source, "to_xml", None)
    if to_xml is not None:
        return str(to_xml())
    return _render(source, facts)


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"not domain XML: it is not UTF-8 text ({error})") from None


def _from_file(path: Path, facts: Callable[[], HostFacts]) -> str:
    if path.suffix.lower() not in _YAML:
        return xml_of(path.read_bytes(), facts)
    from virtkit.spec import DomainSpec

    return _render(DomainSpec.from_yaml(path), facts)


def _render(spec: Any, facts: Callable[[], HostFacts]) -> str:
    from virtkit.rendering import render
    from virtkit.spec import DomainSpec

    if not isinstance(spec, DomainSpec):
        raise SpecError(
            f"a domain is a DomainSpec, a dict, XML, a document or a Path, not {type(spec).__name__}"
        )
    return render(spec, host=facts() if spec.type == "auto" else None)
