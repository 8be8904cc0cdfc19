"""What people write: specs, validated, in YAML or Python. DomainSpec is the whole of a domain."""

from virtkit.spec.boot import BootSpec
from virtkit.spec.clock import ClockSpec, TimerSpec
from virtkit.spec.cpu import CpuSpec, CputuneSpec, MemoryBackingSpec, NumatuneSpec, TopologySpec, VcpusSpec
from virtkit.spec.devices import KINDS
from virtkit.spec.domain import DomainSpec
from virtkit.spec.features import FeaturesSpec, HypervSpec

__all__ = [
    "KINDS",
    "BootSpec",
    "ClockSpec",
    "CpuSpec",
    "CputuneSpec",
    "DomainSpec",
    "FeaturesSpec",
    "HypervSpec",
    "MemoryBackingSpec",
    "NumatuneSpec",
    "TimerSpec",
    "TopologySpec",
    "VcpusSpec",
]
