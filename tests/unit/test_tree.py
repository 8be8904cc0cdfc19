"""XML is read safely and compared by meaning."""

from pathlib import Path

import pytest

from virtkit import tree
from virtkit.errors import ParseError

HOSTILE = {
    "entity": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
    "bomb": '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>',
    "external": '<!DOCTYPE d SYSTEM "http://127.0.0.1/d.dtd"><d/>',
    "deep": "<d>" * 100_000,
    "nul": "<d>\x00</d>",
    "surrogate": "<d>\ud800</d>",
    "cut": "<d><e>",
    "empty": "",
    "text": "not xml",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_a_parse_error(text: str) -> None:
    """Never a foreign exception, never a byte of a local file."""
    with pytest.raises(ParseError) as caught:
        tree.parse(text)
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 5, ["<domain/>"], {}])
def test_what_is_no_source(wrong: object) -> None:
    """Its type is named, and what would do."""
    with pytest.raises(TypeError, match=rf"XML is text.*, not {type(wrong).__name__}; render\(\)"):
        tree.parse(wrong)  # type: ignore[arg-type]


def test_xinclude_is_not_followed() -> None:
    """An include stays an element like any other."""
    text = '<d xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></d>'
    assert "root:" not in tree.tostring(tree.parse(text))


def test_a_declared_encoding_does_not_matter_in_text() -> None:
    """What an editor wrote into the first line of a file is true of the file, not of the str."""
    assert tree.parse("<?xml version='1.0' encoding='utf-16'?>\n<d>ä</d>").text == "ä"


def test_bytes_are_read_in_their_encoding() -> None:
    """In bytes the declaration counts."""
    assert tree.parse("<?xml version='1.0' encoding='iso-8859-1'?><d>ä</d>".encode("iso-8859-1")).text == "ä"


ENCODINGS = "utf-8 utf-8-sig utf-16 utf-16-le utf-32 utf-32-be cp037 utf-7 shift_jis gb18030 koi8-r ascii"


@pytest.mark.parametrize("encoding", ENCODINGS.split())
def test_any_declared_encoding_is_read(encoding: str) -> None:
    """Those of editors, of old systems, and with the marks and patterns by which XML knows its own."""
    said = "ascii" if encoding == "ascii" else "д"
    text = f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?>\n<d a='{said}'>x=1</d>"
    if encoding == "cp037":
        text, said = text.replace("д", "é"), "é"
    root = tree.parse(text.encode(encoding))
    assert (root.get("a"), root.text, root.sourceline) == (said, "x=1", 2)


def test_a_mark_at_the_start_is_no_text() -> None:
    """Editors of Windows put one before everything, and it may be in a str too."""
    assert tree.parse("\ufeff<?xml version='1.0'?><d/>").tag == "d"


def test_a_document_type_is_refused_with_its_line() -> None:
    """Before it is looked at: a comment before it, or one that only speaks of it, changes nothing."""
    with pytest.raises(ParseError, match="DOCTYPE") as caught:
        tree.parse("<?xml version='1.0'?>\n<!-- <!DOCTYPE no> -->\n<!DOCTYPE d>\n<d/>")
    assert caught.value.line == 3
    assert tree.parse("<!-- <!DOCTYPE d> --><d>&lt;!DOCTYPE d></d>").text == "<!DOCTYPE d>"


@pytest.mark.parametrize(
    "text", [" " * (tree.LARGEST + 1), "<a>" * (tree.MOST_MARKUP + 1), "ä" * (tree.LARGEST // 2 + 1)]
)
def test_what_is_too_large_is_refused(text: str) -> None:
    """By its bytes, and by what it would take in memory."""
    with pytest.raises(ParseError, match="too large"):
        tree.parse(text)


BLANKS = "<d a='\t1&#9;2&#10;3&#13;4'><description>\n  two\n\tlines&#13;\n</description>\n\n<e/> </d>"


def test_blanks_survive_a_round_trip() -> None:
    """Tab, newline and CR in attributes, line breaks in descriptions, the layout between elements."""
    root = tree.parse(BLANKS)
    again = tree.parse(tree.tostring(root))
    for each in (root, again):
        assert each.get("a") == " 1\t2\n3\r4"
        assert each.findtext("description") == "\n  two\n\tlines\r\n"
    assert tree.tostring(again) == tree.tostring(root)
    assert tree.parse(tree.tostring(tree.indent(again))).findtext("description") == "\n  two\n\tlines\r\n"


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    """The line is that of the file."""
    path = tmp_path / "web.xml"
    path.write_text("<domain>\n<name>\n</domain>")
    with pytest.raises(ParseError, match=r"web\.xml") as caught:
        tree.parse(path)
    assert caught.value.line == 3


def test_the_line_is_said_once() -> None:
    """libxml2 adds it to its own words."""
    with pytest.raises(ParseError, match=r"^XML is not well-formed at line 1: Document is empty$"):
        tree.parse("")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<d a='1' b='2'/>", "<d b='2' a='1'/>", True),
        ("<d><!-- x --> <e/>\n</d>", "<d><e/></d>", True),
        ("<d><e/><f/></d>", "<d><f/><e/></d>", True),
        ("<d><e i='1'/><e i='2'/></d>", "<d><e i='2'/><e i='1'/></d>", False),
        ("<d>a</d>", "<d>a </d>", False),
        ("<d a='1'/>", "<d/>", False),
        ("<d><e/></d>", "<d/>", False),
    ],
)
def test_equal_by_meaning(one: str, other: str, same: bool) -> None:
    """Layout and the order of different siblings do not count; text and repeated siblings do."""
    assert tree.equal(tree.parse(one), tree.parse(other)) is same


def test_the_deepest_documents_are_compared() -> None:
    """Whatever can be read, deep in a call stack too."""

    def deep(levels: int) -> bool:
        return tree.equal(one, other) if levels == 0 else deep(levels - 1)

    one, other = (tree.parse("<d>" * 255 + "</d>" * 255) for _ in "12")
    assert deep(500)
