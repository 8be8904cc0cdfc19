"""All families of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.machine.domains import domains

if TYPE_CHECKING:
    from tests.machine.kinds import Family

FAMILIES: dict[str, Family] = {family.name: family for family in (domains,)}
