"""Sets of CPUs as libvirt writes them: ``1-4,8``."""

from __future__ import annotations


def parse(text: str) -> set[int]:
    """Return the numbers of ``0-3,^2,8``; what is not so written is ignored."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        negative = part.startswith("^")
        first, _, last = part.removeprefix("^").partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            continue
        numbers = range(int(first), int(last or first) + 1)
        if negative:
            found.difference_update(numbers)
        else:
            found.update(numbers)
    return found


def print_(numbers: set[int]) -> str:
    """Return *numbers* as libvirt prints them."""
    parts: list[str] = []
    start = before = -2
    for number in [*sorted(numbers), -1]:
        if number != before + 1:
            if start >= 0:
                parts.append(str(start) if start == before else f"{start}-{before}")
            start = number
        before = number
    return ",".join(parts)


def tidy(text: str) -> str:
    """Return *text* as libvirt prints what it read from it."""
    numbers = parse(text)
    return print_(numbers) if numbers else text
