"""Titles, descriptions, and the elements that programs keep in a domain's document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

ELEMENT, URI = 2, "urn:tests"
SHOWN = [
    ("<x/>", '<k:x xmlns:k="urn:tests"/>', "<x/>"),
    ("<x><y/></x>", '<k:x xmlns:k="urn:tests"><k:y/></k:x>', "<x><y/></x>"),
    ("<x a='1'><y b='2'>t</y></x>", '<k:x xmlns:k="urn:tests" a="1"><k:y b="2">t</k:y></k:x>', None),
    ("<x>t<y/>u</x>", '<k:x xmlns:k="urn:tests">t<k:y/>u</k:x>', "<x>t<y/>u</x>"),
    (
        "<x xmlns:q='urn:q'><q:y><z/></q:y></x>",
        '<k:x xmlns:q="urn:q" xmlns:k="urn:tests"><q:y><k:z/></q:y></k:x>',
        '<x xmlns:q="urn:q"><q:y><z/></q:y></x>',
    ),
    ("<x xmlns:q='urn:q'/>", '<k:x xmlns:q="urn:q" xmlns:k="urn:tests"/>', '<x xmlns:q="urn:q"/>'),
]
PREFIX = (1, 5, "internal error: failed to validate prefix for a new XML namespace")
TAKEN = (1, 5, "internal error: failed to create a new XML namespace")
REFUSED = [
    ("<x/>", "", URI, PREFIX),
    ("<x/>", "1", URI, PREFIX),
    ("<x/>", "k:l", URI, PREFIX),
    ("<x xmlns:k='urn:other'/>", "k", URI, TAKEN),
    ("<!-- words --><x/>", "k", URI, TAKEN),
    ("<x/>", None, URI, (8, 20, "key in virDomainSetMetadata must not be NULL")),
    ("<x/>", "k", None, (8, 20, "uri in virDomainSetMetadata must not be NULL")),
]


def stored(domain: Any) -> str:
    """Return what stands in the domain's metadata, without the blanks between elements."""
    text = domain.XMLDesc()
    if "<metadata>" not in text:
        return ""
    return flat(text.partition("<metadata>")[2].partition("</metadata>")[0])


def flat(text: str) -> str:
    """Return *text* without what only lays it out."""
    return "".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(("given", "kept", "returned"), SHOWN)
def test_an_element_is_in_the_namespace(domain: Any, given: str, kept: str, returned: str | None) -> None:
    """All of it that was in none; and comes back without it."""
    assert domain.setMetadata(ELEMENT, given, "k", URI, 0) == 0
    assert stored(domain) == kept
    assert flat(domain.metadata(ELEMENT, URI, 0)) == (returned or given.replace("'", '"'))


def test_an_element_in_another_namespace_stays_there(driver: Driver, domain: Any) -> None:
    """So it is not found by the one that was named."""
    domain.setMetadata(ELEMENT, "<x xmlns='urn:q'><y/></x>", "k", URI, 0)
    assert stored(domain) == '<x xmlns="urn:q" xmlns:k="urn:tests"><y/></x>'
    error = outcome(driver, lambda: domain.metadata(ELEMENT, URI, 0))
    text = "metadata not found: Requested metadata element is not present"
    assert error is not None
    assert (error[0], error[2]) == (80, text)
    assert flat(domain.metadata(ELEMENT, "urn:q", 0)) == '<x xmlns:k="urn:tests"><y/></x>'


def test_an_element_of_a_definition_is_laid_out(driver: Driver, conn: Any) -> None:
    """However it was written."""
    inner = "<metadata><q:z xmlns:q='urn:tests' xmlns:r='urn:r'>\n <a/>\n</q:z></metadata>"
    domain = conn.defineXML(driver.xml(inner=inner))
    assert domain.metadata(ELEMENT, URI, 0) == '<z xmlns:r="urn:r">\n  <a/>\n</z>'
    assert '\n    <q:z xmlns:q="urn:tests" xmlns:r="urn:r">\n      <a/>\n    </q:z>\n' in domain.XMLDesc()


def test_a_new_element_takes_the_place_of_the_old_one(domain: Any) -> None:
    """Whatever its prefix, at the end; and none takes it away."""
    domain.setMetadata(ELEMENT, "<x/>", "k", URI, 0)
    domain.setMetadata(ELEMENT, "<o/>", "o", "urn:other", 0)
    domain.setMetadata(ELEMENT, "<z/>", "l", URI, 0)
    assert stored(domain) == '<o:o xmlns:o="urn:other"/><l:z xmlns:l="urn:tests"/>'
    domain.setMetadata(ELEMENT, None, "k", URI, 0)
    assert stored(domain) == '<o:o xmlns:o="urn:other"/>'


@pytest.mark.parametrize(("given", "key", "uri", "error"), REFUSED)
def test_refused(
    driver: Driver, domain: Any, given: str, key: str | None, uri: str | None, error: tuple[Any, ...]
) -> None:
    """What is no prefix, or one that the element has; and nothing is changed."""
    domain.setMetadata(ELEMENT, "<old/>", "o", URI, 0)
    assert outcome(driver, lambda: domain.setMetadata(ELEMENT, given, key, uri, 0)) == error
    assert stored(domain) == '<o:old xmlns:o="urn:tests"/>'
