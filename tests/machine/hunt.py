"""Looks for finds with hypothesis, one of each kind, each as short as it gets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings

from tests.machine.engine import Find, compare
from tests.machine.kinds import Family, Step, sequences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.machine.side import Maker

_SHRINKING = 60.0  # seconds for one batch's finds, at most


class Parted(AssertionError):
    """The two sides differ."""

    def __init__(self, find: Find) -> None:
        super().__init__(str(find))
        self.find = find


class Hunt:
    """Counts what was tried, and keeps what was found.

    Args:
        pair: what makes the two sides, the real one and the fake.
        families: what the sequences are made of.
        longest: steps in a sequence, at most.
        batch: sequences between two looks at the clock.
    """

    def __init__(
        self, pair: tuple[Maker, Maker], families: Iterable[Family], *, longest: int = 25, batch: int = 400
    ) -> None:
        self._pair, self._families = pair, tuple(families)
        self._longest, self._examples = longest, batch
        self._chosen = self._families
        self.finds: dict[str, Find] = {}
        self.sequences = self.steps = 0

    def run(
        self, seconds: float, families: Iterable[Family] | None = None, *, stop_at_first: bool = False
    ) -> None:
        """Try sequences for *seconds*, of some *families* only if they are given."""
        self._chosen = self._families if families is None else tuple(families)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (stop_at_first and self.finds):
            self._batch(end)

    def _batch(self, end: float) -> None:
        best: dict[str, Find] = {}
        wanted: list[str] = []

        def attempt(steps: Sequence[Step]) -> None:
            if time.monotonic() > end + (_SHRINKING if wanted else 0):
                return
            self.sequences += 1
            self.steps += len(steps)
            find = compare(self._pair, self._chosen, steps)
            if find is None or find.key in self.finds or (wanted and find.key != wanted[0]):
                return
            wanted[:] = [find.key]
            known = best.get(find.key)
            if known is None or len(find.steps) <= len(known.steps):
                best[find.key] = find
            raise Parted(find)

        test = self._test(attempt)
        try:
            test()
        except Parted:
            self.finds.update(best)
        except Exception as error:
            if not best:
                raise
            error.__traceback__ = None
            self.finds.update(best)

    def _test(self, attempt: Callable[[Sequence[Step]], None]) -> Callable[[], None]:
        found: Callable[[], None] = settings(
            max_examples=self._examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            report_multiple_bugs=False,
        )(given(sequences(self._chosen, self._longest))(attempt))
        return found
