"""What holds for every document, shown on made-up ones."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from virtkit import model, tree
from virtkit.model import identity, nodes, order

TAGS = sorted(
    {tag for path in identity.IDENTITIES for tag in path.rsplit("/", 1)[-1:] if "{" not in path}
    | {"devices", "os", "cpu", "unknown"}
)
NAMES = ["type", "name", "dev", "index", "port", "address", "id", "cache", "unknown"]
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    max_size=5,
)
VALUES = st.one_of(st.sampled_from(["0x04", "4", "vda", "yes", "0-3"]), WORDS)


@st.composite
def elements(draw: st.DrawFn, tag: str = "", depth: int = 3) -> etree._Element:
    """A tree of libvirt's words, put together without sense."""
    element = etree.Element(tag or draw(st.sampled_from(TAGS)))
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
        element.set(name, draw(VALUES))
    children = draw(st.lists(elements(depth=depth - 1), max_size=4)) if depth else []
    for child in children:
        element.append(child)
    if not children:
        element.text = draw(VALUES)
    return element


@st.composite
def domains(draw: st.DrawFn) -> etree._Element:
    """A domain with a name, and whatever else."""
    domain = draw(elements("domain"))
    domain.text = None
    etree.SubElement(domain, "name").text = "made-up"
    return domain


@given(elements("domain"))
def test_merging_with_itself_is_itself(document: etree._Element) -> None:
    """By meaning."""
    assert tree.equal(tree.parse(model.merge(document, document)), document)


@given(elements("domain"), elements("domain"))
def test_merging_twice_is_merging_once(base: etree._Element, overlay: etree._Element) -> None:
    """What the first time added is found the second time."""
    once = tree.parse(model.merge(base, overlay))
    assert tree.equal(tree.parse(model.merge(once, overlay)), once)


@given(elements("domain"))
def test_nothing_differs_from_itself(document: etree._Element) -> None:
    """Whatever it holds."""
    assert model.diff(document, document) == []


@given(domains(), st.sampled_from(["title", "memory", "devices", "unknown"]))
def test_placing_and_removing_leaves_no_trace(document: etree._Element, tag: str) -> None:
    """Not even in the blanks."""
    tree.indent(document)
    before = tree.tostring(document)
    child = etree.Element(tag)
    order.place(document, child)
    assert child.getparent() is document
    order.remove(child)
    assert tree.tostring(document) == before


@given(domains(), WORDS, st.integers(0, 2**40))
def test_edits_touch_nothing_else(document: etree._Element, title: str, size: int) -> None:
    """All that was there is there after fields were set and removed."""
    domain = model.Domain.parse(nodes.copy(document))
    had = [domain.title is not None, bool(document.findall("memory")), bool(document.findall("cputune"))]
    if any(had):
        return
    domain.title = title
    domain.memory = size
    domain.cputune.shares = 5
    assert (domain.title or "", domain.memory, domain.cputune.shares) == (title, size, 5)
    domain.title = None
    domain.memory = None
    domain.cputune.shares = None
    assert tree.equal(domain.element, document)
