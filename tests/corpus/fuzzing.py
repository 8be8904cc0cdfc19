"""Random hostile documents, made of libvirt's own: each ends in the library's own error or in an answer.

In a second and 200 MB, without a byte of another file, and with the promises of `examining` kept. They are
read in processes of their own, which may die. The same seed and number make the same case again.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from virtkit import tree
from virtkit.errors import DocumentError, ParseError

from .examining import STEPS, BrokenPromise, Subject
from .mutating import Mutant, Mutator
from .validating import valid_documents

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SECONDS, _MEMORY = 1.0, 200 * 2**20
_BATCH = 2000
"""So many cases run in one process: libxml2 keeps each name that it has seen."""
_PATIENCE = 60.0
"""So many seconds a process may be silent before it counts as hanging."""
_LARGEST = 100_000
"""Larger documents are parsed only: the rest takes time for each element, and this is no benchmark."""
_CANARY = "5d1f1d6e0e4b4f0a9d3c"
"""What the file holds that documents speak of."""


class Case(NamedTuple):
    """What came of one case."""

    number: int
    outcome: str  # "refused", "taken"
    faults: list[tuple[str, str]]  # the step, and what went wrong there
    slowest: tuple[float, str]


@dataclass
class Report:
    """What came of all."""

    seed: int
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[int]] = field(default_factory=dict)
    slowest: tuple[float, str, int] = (0.0, "", 0)

    def add(self, case: Case) -> None:
        """Count *case*."""
        self.cases += 1
        self.outcomes[case.outcome] += 1
        self.slowest = max(self.slowest, (*case.slowest, case.number))
        for step, said in case.faults:
            self.faults.setdefault(f"{step}: {said}", []).append(case.number)

    def text(self) -> str:
        """The report as text."""
        seconds, step, number = self.slowest
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes.most_common())
        lines = [
            f"fuzzed documents: {self.cases} ({outcomes}), seed {self.seed}",
            f"kinds of faults: {len(self.faults)}",
            f"slowest: {seconds:.2f} s of CPU time ({step}, case {number})",
        ]
        for said, numbers in sorted(self.faults.items(), key=lambda each: -len(each[1])):
            lines.append(f"  {len(numbers)} times, as in case {numbers[0]}: {said}")
        return "\n".join(lines)


class Fuzzer:
    """Makes cases and runs them."""

    def __init__(self, source: Path, folder: Path, seed: int) -> None:
        secret = folder / "secret"
        secret.write_text(f"{_CANARY}\n")
        self.seed = seed
        found = valid_documents(source)
        self._documents = [
            each.text.encode() for kind in found.values() for each in kind if len(each.text) < _LARGEST
        ]
        self._mutator = Mutator(self._documents, secret.as_uri())

    def made(self, number: int) -> tuple[Mutant, bytes]:
        """The document of one case, and what it was made of."""
        dice = random.Random(f"{self.seed}/{number}")
        base = dice.choice(self._documents)
        return self._mutator.mutant(base, dice), base

    def run(self, number: int) -> Case:
        """Examine the document of one case."""
        mutant, base = self.made(number)
        faults: list[tuple[str, str]] = []
        slowest = (0.0, "")
        began = time.process_time()
        try:
            root = tree.parse(mutant.data)
        except ParseError as error:
            root = None
            said = [str(error)]
        except Exception as error:  # noqa: BLE001  that is what is looked for
            return Case(number, "broken", [("parse", _told(error))], slowest)
        else:
            said = []
        slowest = (time.process_time() - began, "parse")
        faults += _suspicious("parse", said, slowest[0])
        if root is not None:
            subject = Subject(root, tree.parse(base), mutant.values_only)
            for step in STEPS if len(mutant.data) < _LARGEST else ():
                took, found = _tried(step, subject)
                slowest = max(slowest, (took, step))
                faults += found
        return Case(number, "refused" if root is None else "taken", faults, slowest)


def _tried(step: str, subject: Subject) -> tuple[float, list[tuple[str, str]]]:
    said: list[str] = []
    faults: list[tuple[str, str]] = []
    began = time.process_time()
    try:
        said += STEPS[step](subject)
    except DocumentError as error:
        said.append(str(error))
    except BrokenPromise as error:
        faults.append((step, str(error)))
    except Exception as error:  # noqa: BLE001
        faults.append((step, _told(error)))
    took = time.process_time() - began
    return took, [*faults, *_suspicious(step, said, took)]


def _suspicious(step: str, said: list[str], took: float) -> list[tuple[str, str]]:
    found = [(step, "it takes too long")] if took > _SECONDS else []
    if any(_CANARY in each for each in said):
        found.append((step, "it shows another file"))
    if any("Memory allocation" in each for each in said):
        found.append((step, "it takes too much memory"))
    return found


def _told(error: Exception) -> str:
    """The type and the place of *error*, so that the same fault has the same name."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((each for each in reversed(frames) if "virtkit" in each.filename), frames[-1])
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {str(error)[:60]!r}"


def fuzz(
    source: Path, seed: int, *, cases: int = sys.maxsize, minutes: float = float("inf"), first: int = 0
) -> Report:
    """Run so many cases from the *first* on, or as many as *minutes* allow.

    ``VIRTKIT_SCHEMAS`` must name the schemas of *source*.
    """
    report = Report(seed)
    until = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(source, Path(folder), seed)
        while report.cases < cases and time.monotonic() < until:
            _batch(fuzzer, report, range(first + report.cases, first + cases)[:_BATCH], until)
    return report


def one(source: Path, seed: int, number: int) -> tuple[bytes, Case]:
    """The document of one case, and what comes of it: run in this process."""
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(source, Path(folder), seed)
        return fuzzer.made(number)[0].data, fuzzer.run(number)


def _batch(fuzzer: Fuzzer, report: Report, numbers: range, until: float) -> None:
    """Run these cases in a process of their own, as far as it and the time last."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(fuzzer, theirs, numbers), daemon=True)
    process.start()
    theirs.close()
    try:
        for number in numbers:
            if time.monotonic() > until:
                break
            if not ours.poll(_PATIENCE):
                report.add(Case(number, "broken", [("process", "it hangs")], (_PATIENCE, "?")))
                break
            report.add(ours.recv())
    except EOFError:
        process.join()
        report.add(Case(number, "broken", [("process", f"it died: {process.exitcode}")], (0.0, "?")))
    finally:
        process.kill()
        process.join()
        ours.close()


def _work(fuzzer: Fuzzer, answers: Connection, numbers: range) -> None:
    status = Path("/proc/self/status").read_text()
    size = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmSize"))
    resource.setrlimit(resource.RLIMIT_AS, (size + _MEMORY, size + _MEMORY))
    for number in numbers:
        answers.send(fuzzer.run(number))
