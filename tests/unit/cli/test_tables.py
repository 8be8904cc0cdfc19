"""Columns."""

from virtkit.cli.tables import pairs, table, width


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    """Nothing is cut off, and no line ends in blanks."""
    assert table(("NAME", "STATE"), [("a", "running"), ("a-long-name", "off")]) == (
        "NAME         STATE\na            running\na-long-name  off"
    )


def test_an_empty_cell_is_a_dash() -> None:
    """So each line has as many words as the head."""
    assert table(("A", "B"), [(None, ""), (0, 1)]) == "A  B\n-  -\n0  1"


def test_no_rows_are_a_head() -> None:
    """A program that skips the first line works on it."""
    assert table(("A", "B"), []) == "A  B"


def test_wide_characters_take_two_columns() -> None:
    """And combining ones none."""
    assert (width("虚拟机"), width("e\u0301"), width("web1")) == (6, 1, 4)


def test_pairs_align_their_values() -> None:
    """As ``domain show`` prints them."""
    assert pairs([("name", "web1"), ("state", None)]) == "name:   web1\nstate:  -"
