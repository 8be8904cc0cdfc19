"""What libvirt makes of a domain document: on definition, defaults; on start, the live side."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from virtkit.fake.fill import alike
from virtkit.fake.state.document import Document, read_facts

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.rules import Personality
    from virtkit.fake.state.document import Facts


def defined_document(
    personality: Personality, xml: str, *, keep_uuid: str = "", validate: bool = False
) -> Document:
    """Return the inactive document that defining *xml* makes.

    Args:
        personality: the driver.
        xml: what the caller gave.
        keep_uuid: the UUID for a document that has none.
        validate: whether to refuse what libvirt's schema does not know, where that is installed.

    Raises:
        libvirtError: what the driver says of a faulty document.
    """
    if validate:
        from virtkit.fake import constants as c
        from virtkit.fake import reading as documents

        documents.read(xml, "domain_definition", "domain", c.VIR_FROM_DOMAIN, "domain.rng")
    document, facts, random = _parsed(personality.name, xml)
    if not random:
        return document
    facts = facts._replace(uuid=facts.uuid or keep_uuid or new_uuid())
    return document.edited(partial(_personal, facts), facts)


@lru_cache(maxsize=256)
def _parsed(personality: str, xml: str) -> tuple[Document, Facts, bool]:
    """Return the filled document, its facts, and whether something in it is to be drawn anew each time."""
    marked = alike.mark(xml)
    if marked is None:
        return _checked(personality, xml)
    like = alike.likeness(personality, marked.text)
    if like.known is not None:
        facts, random = marked.unmarked(like.known[0]), like.known[1]
        return Document(recipe=partial(_read, xml, personality), facts=facts), facts, random
    found = document, *_ = _checked(personality, xml)
    if document.built:
        return found
    if like.seen:  # the second of its kind: there may be more
        like.known = _checked(personality, marked.text)[1:]
    like.seen = True
    return found


def _checked(personality: str, xml: str) -> tuple[Document, Facts, bool]:
    """Do what _parsed() does, whatever is known of documents that are alike."""
    from virtkit.fake.fill import checks, defining, reading

    parts = reading.read_parts(xml, new=personality != "test")
    checks.check(parts, personality)
    if personality == "test" and "schemas/domain/test" in xml:
        from lxml import etree

        from virtkit.fake.testdriver import run_state

        run_state(etree.fromstring(xml.encode()))
    tree = parts.tree
    facts = read_facts(tree, parts)
    random = defining.wants_random(parts)
    placed = defining.says_where(parts) if personality == "qemu" else defining.places_drives(parts)
    if placed:  # may not fit: to be said at once
        defining.fill(tree, personality)
        return Document(tree=tree, facts=facts), facts, random
    return Document(recipe=partial(_filled, tree, personality), facts=facts), facts, random


def _read(xml: str, personality: str) -> etree._Element:
    from virtkit.fake.fill import reading

    return _filled(reading.read(xml, new=personality != "test"), personality)


def _filled(tree: etree._Element, personality: str) -> etree._Element:
    from virtkit.fake.fill import defining

    defining.fill(tree, personality)
    return tree


def _personal(facts: Facts, tree: etree._Element) -> None:
    from virtkit.fake.fill import defining

    defining.personalise(tree, facts.uuid)


def live_document(
    personality: Personality, base: Document, number: int, given: dict[str, Any] | None = None
) -> Document:
    """Return the live document of a domain started from *base* with the id *number*.

    Args:
        personality: the driver.
        base: the document that it starts from.
        number: its id.
        given: what the host lends to the guest, see :mod:`virtkit.fake.fill.grants`.
    """
    return base.edited(partial(_live, personality.name, number, given), base.facts(), derived=True)


def _live(personality: str, number: int, given: dict[str, Any] | None, tree: etree._Element) -> Any:
    from virtkit.fake.fill import live

    live.fill(tree, personality, number, given)


def new_uuid() -> str:
    """Return a random UUID as libvirt writes it."""
    import uuid

    return str(uuid.uuid4())
