"""CPUs brought to a baseline: libvirt's test driver and the fake find the same. Needs libvirt-python."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from virtkit import fake
from virtkit.fake.node import models

if TYPE_CHECKING:
    from collections.abc import Iterator

real = pytest.importorskip("libvirt", reason="libvirt-python is not installed")
_EXPAND = 1  # VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES
_PER_SEED = 40


@pytest.fixture
def both() -> Iterator[tuple[Any, Any]]:
    """A connection to each."""
    for module in (real, fake):
        module.registerErrorHandler(lambda *_: None, None)
    with real.open("test:///default") as theirs, fake.open("test:///default") as ours:
        yield theirs, ours
    for module in (real, fake):
        module.registerErrorHandler(None, None)


def document(chance: random.Random) -> str:
    """Return some host's CPU: a model, and features and a vendor that may fit or not."""
    known = models.models()
    name = chance.choice(list(known))
    features = chance.sample(list(models.ranks()), chance.choice([0, 0, 1, 2, 5, 20, 60]))
    vendor = chance.choice([None, None, known[name].vendor, chance.choice(models.vendors())])
    arch = chance.choice(["x86_64", "x86_64", "i686"])
    shown = f"<vendor>{vendor}</vendor>" if vendor else ""
    inner = "".join(f"<feature name='{feature}'/>" for feature in features)
    return f"<cpu><arch>{arch}</arch><model>{name}</model>{shown}{inner}</cpu>"


def answer(conn: Any, cpus: list[str], flags: int) -> Any:
    """Return the baseline, or the error."""
    try:
        return conn.baselineCPU(cpus, flags)
    except real.libvirtError as error:
        return error.err[:3]


@pytest.mark.parametrize("seed", range(5))
def test_baseline_of_some(both: tuple[Any, Any], seed: int) -> None:
    """Whatever hosts have: the same document, to the letter, or the same error."""
    theirs, ours = both
    chance = random.Random(seed)
    for _ in range(_PER_SEED):
        cpus = [document(chance) for _ in range(chance.choice([1, 2, 2, 3]))]
        flags = chance.choice([0, _EXPAND])
        assert answer(ours, cpus, flags) == answer(theirs, cpus, flags), cpus


@pytest.mark.parametrize("flags", [0, _EXPAND])
def test_each_model(both: tuple[Any, Any], flags: int) -> None:
    """Alone, each is itself."""
    theirs, ours = both
    for name in models.models():
        cpu = [f"<cpu><arch>x86_64</arch><model>{name}</model></cpu>"]
        assert answer(ours, cpu, flags) == answer(theirs, cpu, flags)
