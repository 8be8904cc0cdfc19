"""Checking documents against libvirt's own schemas, where they are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit import tree
from virtkit.model import nodes, schemas, walking

if TYPE_CHECKING:
    from virtkit.errors import Problem


def schema_available(root: str = "domain") -> bool:
    """Whether libvirt's schema for documents with this *root* element is installed here."""
    return schemas.schema_path(root) is not None


def validate(xml: tree.Source) -> list[Problem]:
    """Return what libvirt's schema finds wrong with *xml*: nothing if it is valid.

    Each problem has the path and line of its fault, and says what is allowed there. Children count in any
    order, as libvirt takes them. Where the schema is not installed (`schema_available`), nothing is found. A
    schema is of the libvirt that it came with: what a newer one allows is a problem by it.

    Raises:
        ParseError: *xml* is not well-formed.
    """
    root = tree.parse(xml)
    path = schemas.schema_path(nodes.tag(root))
    return walking.Walker().problems(root, schemas.load(path)) if path is not None else []
