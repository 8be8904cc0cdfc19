"""What a host keeps of a secret, and its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.reading import parse_uuid, read, text_of
from virtkit.fake.state.printing import quote
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from lxml import etree

FROM = c.VIR_FROM_SECRET
# by usage type: its name, the element with its id, what is said when that is missing
_USAGES = (
    ("none", "", ""),
    ("volume", "volume", "volume usage specified, but volume path is missing"),
    ("ceph", "name", "Ceph usage specified, but name is missing"),
    ("iscsi", "target", "iSCSI usage specified, but target is missing"),
    ("tls", "name", "TLS usage specified, but name is missing"),
    ("vtpm", "name", "vTPM usage specified, but name is missing"),
)
_NAMES = [name for name, _, _ in _USAGES]


@dataclass
class SecretRecord(Stored):
    """One secret; its key is its UUID, its value in base64."""

    kind: ClassVar[str] = "secret"
    usage_type: int = 0
    usage_id: str | None = None
    description: str | None = None
    ephemeral: bool = False
    private: bool = False
    value: str | None = None

    def text(self) -> str:
        """Return its document."""
        lines = [
            f"<secret ephemeral='{_yes_no(self.ephemeral)}' private='{_yes_no(self.private)}'>",
            f"  <uuid>{self.key}</uuid>",
        ]
        if self.description is not None:
            lines.append(f"  <description>{quote(self.description)}</description>")
        if self.usage_type:
            name, element, _ = _USAGES[self.usage_type]
            lines.append(f"  <usage type='{name}'>")
            lines.append(f"    <{element}>{quote(self.usage_id or '')}</{element}>")
            lines.append("  </usage>")
        return "\n".join([*lines, "</secret>"]) + "\n"


def parse(xml: str, *, validate: bool) -> SecretRecord:
    """Return the secret that *xml* describes, without a value."""
    tree = read(xml, "definition_of_secret", "secret", FROM, "secret.rng" if validate else "")
    ephemeral, private = _flag(tree, "ephemeral"), _flag(tree, "private")
    given = text_of(tree, "uuid")
    uuid = _new_uuid() if given is None else parse_uuid(given)
    if uuid is None:
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, "malformed uuid element")
    usage_type, usage_id = _usage(tree)
    return SecretRecord(uuid, usage_type, usage_id, text_of(tree, "description"), ephemeral, private)


def _usage(tree: etree._Element) -> tuple[int, str | None]:
    usage = tree.find("usage")
    if usage is None:
        return c.VIR_SECRET_USAGE_TYPE_NONE, None
    name = usage.get("type")
    if not name:
        fail(c.VIR_ERR_XML_ERROR, FROM, "unknown secret usage type")
    if name not in _NAMES:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, FROM, f"unknown secret usage type {name}")
    number = _NAMES.index(name)
    _, element, missing = _USAGES[number]
    found = text_of(usage, element) if element else None
    if element and found is None:
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, missing)
    return number, found


def _flag(tree: etree._Element, name: str) -> bool:
    value = tree.get(name) or "no"
    if value not in {"yes", "no"}:
        fail(c.VIR_ERR_XML_ERROR, FROM, f"invalid value of '{name}'")
    return value == "yes"


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _new_uuid() -> str:
    import uuid

    return str(uuid.uuid4())
