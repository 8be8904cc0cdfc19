"""Sizes in bytes, as people write them and as they like to read them."""

from __future__ import annotations

import re

_BINARY = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50, "E": 2**60}
_DECIMAL = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}

_FACTORS: dict[str, int] = {"": 1, "B": 1, "BYTE": 1, "BYTES": 1}
for _prefix, _factor in _BINARY.items():
    if _prefix:
        _FACTORS[_prefix] = _factor
        _FACTORS[f"{_prefix}IB"] = _factor
for _prefix, _factor in _DECIMAL.items():
    _FACTORS[f"{_prefix}B"] = _factor

_SIZE = re.compile(r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)\s*")
_LARGEST = 2**63 - 1


def parse_size(size: str | int) -> int:
    """Return *size* in bytes.

    A string takes a unit as libvirt understands it: ``K M G T P E`` and ``KiB MiB ...`` are powers of
    1024, ``KB MB ...`` are powers of 1000, none or ``B`` is bytes. Case does not count. An int is
    bytes already.

    Raises:
        ValueError: it is not a size, is not a whole number of bytes, is negative, or needs over 63 bits.
    """
    if isinstance(size, bool) or not isinstance(size, str | int):
        text = f"{size!r} is not a size: write a string such as '2GiB', or bytes as an integer"
        raise ValueError(text)  # noqa: TRY004 # pydantic gathers ValueErrors
    if isinstance(size, int):
        return _checked(size, size)
    match = _SIZE.fullmatch(size)
    if match is None or not match["number"].isascii():
        raise ValueError(f"{size!r} is not a size: write a number and a unit, such as '2GiB' or '512MiB'")
    factor = _FACTORS.get(match["unit"].upper())
    if factor is None:
        known = "KiB, MiB, GiB, TiB (1024), KB, MB, GB, TB (1000), or B"
        raise ValueError(f"{size!r} has no known unit: {match['unit']!r} is none of {known}")
    whole, _, fraction = match["number"].partition(".")
    numerator, rest = divmod(int(whole + fraction) * factor, 10 ** len(fraction))
    if rest:
        raise ValueError(f"{size!r} is not a whole number of bytes")
    return _checked(numerator, size)


def parse_rate(rate: str | int) -> int:
    """Return *rate* in bytes per second; it is written as `parse_size` says, for what goes over in a second.

    Raises:
        ValueError: it is none, or is a bare number below 1 MiB: then it was meant in another unit.
    """
    found = parse_size(rate)
    bare = isinstance(rate, int) or rate.strip().isdecimal()
    if bare and found < _BINARY["M"]:
        raise ValueError(f"{found} is {found} bytes per second; did you mean '{found}MiB'?")
    return found


def _checked(number: int, size: str | int) -> int:
    if number < 0:
        raise ValueError(f"{size!r} is negative")
    if number > _LARGEST:
        raise ValueError(f"{size!r} is more than libvirt can hold (2^63 - 1 bytes)")
    return number


def format_size(size: int) -> str:
    """Return *size* bytes in the largest binary unit that loses nothing: ``"2GiB"``, ``"1536MiB"``."""
    for prefix in ("E", "P", "T", "G", "M", "K"):
        factor = _BINARY[prefix]
        if size and size % factor == 0:
            return f"{size // factor}{prefix}iB"
    return f"{size}B"
