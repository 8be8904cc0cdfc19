"""Whatever bytes there are, reading them ends in an element or in the library's own error."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from virtkit import tree
from virtkit.errors import ParseError

_PIECES = st.sampled_from(
    [b"<a", b">", b"/>", b"</a>", b"<a>", b"<b x='1'", b" ", b"\n", b"<!--", b"-->", b"<?", b"?>", b"]]>",
     b"<![CDATA[", b"<!DOCTYPE a", b"[<!ENTITY x 'y'>]", b"&x;", b"&#9;", b"&lt;", b"utf-16", b"'?>",
     b"<?xml version='1.0' encoding='", b"cp037", b"xmlns='u'", b"xmlns:p='u'", b"p:", b"\xef\xbb\xbf",
     b"\xff\xfe", b"\0", "\u2028".encode()]
)  # fmt: skip
_DOCUMENTS = st.lists(_PIECES | st.binary(max_size=4), max_size=20).map(b"".join)


@given(_DOCUMENTS | st.binary())
@example(b"")
def test_bytes_are_read_or_refused(data: bytes) -> None:
    """What is read can be written, and read again as the same."""
    with suppress(ParseError):
        root = tree.parse(data)
        assert tree.equal(tree.parse(tree.tostring(root)), root)


@given(_DOCUMENTS, st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-16-le", "cp037", "latin-1"]))
def test_an_encoding_changes_nothing(data: bytes, encoding: str) -> None:
    """A text is refused or read alike, whether as str or as bytes."""
    text = data.decode("latin-1")
    declared = f"<?xml version='1.0' encoding='{encoding}'?>{text}"
    assert _outcome(declared) == _outcome(declared.encode(encoding))


def _outcome(source: str | bytes) -> str:
    try:
        return tree.tostring(tree.parse(source))
    except ParseError:
        return "refused"
