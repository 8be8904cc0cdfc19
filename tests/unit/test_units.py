"""Sizes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtkit.units import format_size, parse_rate, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GiB", 2 * 2**30),
        ("2G", 2 * 2**30),
        ("2GB", 2 * 10**9),
        ("512 MiB", 512 * 2**20),
        ("1.5GiB", 3 * 2**29),
        ("4096", 4096),
        ("7b", 7),
        ("10 bytes", 10),
        (4096, 4096),
        (0, 0),
    ],
)
def test_sizes_in_bytes(text: str | int, size: int) -> None:
    """Units are libvirt's: G and GiB are 1024-based, GB is 1000-based."""
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a size"),
        ("much", "not a size"),
        ("2 XiB", "no known unit"),
        ("0.3B", "whole number of bytes"),
        (-1, "negative"),
        (True, "not a size"),
        (2.5, "not a size"),
        ("16EiB", "more than libvirt can hold"),
        ("٣GiB", "not a size"),
    ],
)
def test_what_is_not_a_size(text: str | int, why: str) -> None:
    """Each refusal says what is wrong."""
    with pytest.raises(ValueError, match=why):
        parse_size(text)


@given(st.integers(0, 2**63 - 1))
def test_formatting_loses_nothing(size: int) -> None:
    """What is printed is read back as the same number of bytes."""
    assert parse_size(format_size(size)) == size


def test_a_rate_has_a_unit() -> None:
    """A bare number of bytes that is too small to be meant is refused, with what may have been."""
    assert parse_rate("10MiB") == parse_rate(10 * 2**20) == 10 * 2**20
    assert parse_rate("512KiB") == 2**19
    for bare in (10, "10", " 10 "):
        with pytest.raises(ValueError, match="10 bytes per second; did you mean '10MiB'"):
            parse_rate(bare)
