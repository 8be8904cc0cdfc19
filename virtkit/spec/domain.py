"""DomainSpec: what a person writes to get a domain."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol, Self, cast

from pydantic import Field

from virtkit.spec.base import COMPLETED, Part
from virtkit.spec.boot import BootSpec
from virtkit.spec.clock import ClockSpec
from virtkit.spec.completion import completed
from virtkit.spec.cpu import (
    CellSpec,
    CpuSpec,
    CputuneSpec,
    MaxMemorySpec,
    MemoryBackingSpec,
    MemtuneSpec,
    NumatuneSpec,
    VcpusSpec,
)
from virtkit.spec.devices import (
    AudioSpec,
    BalloonSpec,
    ChannelSpec,
    ConsoleSpec,
    ControllerSpec,
    DiskSpec,
    FilesystemSpec,
    GraphicsSpec,
    HostdevSpec,
    HubSpec,
    InputSpec,
    InterfaceSpec,
    IommuSpec,
    MemorySpec,
    PanicSpec,
    RedirdevSpec,
    RngSpec,
    SerialSpec,
    ShmemSpec,
    SoundSpec,
    TpmSpec,
    VideoSpec,
    VsockSpec,
    WatchdogSpec,
)
from virtkit.spec.features import FeaturesSpec
from virtkit.spec.rules import domain_rules
from virtkit.spec.security import SeclabelSpec
from virtkit.spec.sysinfo import SysinfoSpec
from virtkit.spec.values import (
    AbsPath,
    AnySize,
    Line,
    Name,
    OneOrMore,
    OptionalSize,
    Positive,
    Text,
    Uuid,
    Word,
)

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.tree import Source

    class Document(Protocol):
        """A view on a document, such as ``virtkit.model.Domain``."""

        @property
        def element(self) -> etree._Element:
            """What it is a view on."""


DomainType = Literal[
    "auto", "kvm", "qemu", "lxc", "xen", "bhyve", "vmware", "hyperv", "vbox", "vz", "test", "hvf", "openvz"
]
OffAction = Literal["destroy", "restart", "preserve", "rename-restart"]
CrashAction = Literal[
    "destroy", "restart", "preserve", "rename-restart", "coredump-destroy", "coredump-restart"
]


class DomainSpec(Part):
    """A domain as a person writes it: short, checked, and libvirt's words for names.

    Sizes are strings with a unit ("2GiB") or integers of bytes, and are held in bytes. Wherever a list of
    devices is expected one device will do, and most parts have a short form: ``vcpus=2``, ``graphics="vnc"``,
    ``disks=["/srv/web1.qcow2"]``, ``interfaces=["default"]``, ``rng=True``.

    An assignment is checked like an argument, but by itself; what must hold between the fields is checked
    when the domain is rendered or defined, or by `verify`.

    Raises:
        virtkit.SpecError: with every problem of the arguments, each with its path (``disks[1].format``).

    https://libvirt.org/formatdomain.html describes what the parts mean to libvirt.
    """

    placeholders: ClassVar[dict[str, Any]] = {"name": "domain", "memory": "1GiB"}

    name: Name
    """The domain's name: no '/', one line."""
    type: DomainType = "auto"
    """The hypervisor. auto: kvm where the host has it for this arch, else what it has."""
    uuid: Uuid | None = None
    """Without it: kept from the existing domain, or made, when it is defined."""
    genid: Literal[True] | Uuid | None = None
    """An ID that changes when the guest is put back in time, for Windows; true lets libvirt make one."""
    title: Line | None = None
    """A short text for people."""
    description: Text | None = None
    """A long text for people."""
    os_info: Line | None = None
    """What runs in it, as libosinfo names it: http://debian.org/debian/12."""
    metadata: dict[Line, Text] = Field(default_factory=dict)
    """Words of your own that stay with the domain: {owner: alice, tier: web}."""

    memory: AnySize
    """The most memory that the domain can have: "2GiB"."""
    current_memory: OptionalSize = cast("Any", None)
    """What it starts with; all if none. The balloon gives and takes the rest."""
    max_memory: MaxMemorySpec | None = None
    """How far memory can grow by modules that are plugged in."""
    dump_core: bool | None = None
    """Whether a core dump of QEMU has the guest's memory in it."""
    memtune: MemtuneSpec | None = None
    """Limits of the memory that it takes from the host."""
    memory_backing: MemoryBackingSpec | None = None
    """How the host keeps the memory: huge pages, shared ..."""
    vcpus: VcpusSpec = Field(default_factory=VcpusSpec)
    """Virtual CPUs: a number, or a mapping with topology and others."""
    iothreads: Positive | None = None
    """Number of threads for I/O, which disks and controllers can be given to."""
    cputune: CputuneSpec | None = None
    """Where and how much the CPUs run."""
    numatune: NumatuneSpec | None = None
    """Where memory comes from."""
    numa: list[CellSpec] = Field(default_factory=list)
    """The guest's NUMA nodes."""
    cpu: CpuSpec | None = None
    """The CPU that the guest sees: host-passthrough, host-model, a model ..."""

    arch: Word | None = None
    """The processor: x86_64, aarch64, mipsel ...; the host's own if none."""
    machine: Word | None = None
    """The machine: q35, pc, virt, malta ...; the hypervisor's default if none."""
    os_type: Literal["hvm", "linux", "xen", "xenpvh", "exe"] | None = None
    """hvm, or for Xen linux (paravirtual) or xenpvh, or exe (a container); exe for lxc if none."""
    boot: BootSpec | None = None
    """Firmware, kernel, devices to boot from, a container's init."""
    sysinfo: SysinfoSpec | None = None
    """What SMBIOS tells the guest of its machine; the guest sees it with boot.smbios: sysinfo."""
    features: FeaturesSpec | None = None
    """ACPI, Hyper-V enlightenments and others."""
    clock: ClockSpec | None = None
    """The clock and its timers; utc if none."""
    on_poweroff: OffAction | None = None
    """What happens when the guest powers off; destroy if none."""
    on_reboot: OffAction | None = None
    """What happens when the guest reboots; restart if none."""
    on_crash: CrashAction | None = None
    """What happens when the guest crashes; destroy if none."""
    on_lockfailure: Literal["poweroff", "restart", "pause", "ignore"] | None = None
    """What happens when the disks' lock is lost."""
    suspend_to_mem: bool | None = None
    """Whether the guest may sleep (S3)."""
    suspend_to_disk: bool | None = None
    """Whether the guest may hibernate (S4)."""

    emulator: AbsPath | None = None
    """The host's program that runs the domain; libvirt chooses if none."""
    disks: Annotated[list[DiskSpec], OneOrMore] = Field(default_factory=list)
    """Disks, CD-ROMs, floppies and LUNs."""
    controllers: Annotated[list[ControllerSpec], OneOrMore] = Field(default_factory=list)
    """Controllers whose model or limits matter; libvirt adds the others."""
    interfaces: Annotated[list[InterfaceSpec], OneOrMore] = Field(default_factory=list)
    """Network interfaces."""
    filesystems: Annotated[list[FilesystemSpec], OneOrMore] = Field(default_factory=list)
    """Folders of the host in the guest; a container's mounts."""
    serial: Annotated[list[SerialSpec], OneOrMore] = Field(default_factory=list)
    """Serial ports."""
    console: Annotated[list[ConsoleSpec], OneOrMore] = Field(default_factory=list)
    """Text consoles."""
    agent: bool | None = None
    """Whether there is a channel for the guest agent. Without a word: in machines of kvm and qemu."""
    channels: Annotated[list[ChannelSpec], OneOrMore] = Field(default_factory=list)
    """Channels between guest and host; the agent's comes by itself."""
    inputs: Annotated[list[InputSpec], OneOrMore] = Field(default_factory=list)
    """Keyboards, mice and tablets."""
    tpm: TpmSpec | None = None
    """A trusted platform module."""
    graphics: Annotated[list[GraphicsSpec], OneOrMore] = Field(default_factory=list)
    """Graphical consoles."""
    sound: Annotated[list[SoundSpec], OneOrMore] = Field(default_factory=list)
    """Sound cards."""
    audio: Annotated[list[AudioSpec], OneOrMore] = Field(default_factory=list)
    """Where sound goes on the host."""
    video: Annotated[list[VideoSpec], OneOrMore] = Field(default_factory=list)
    """Graphics cards."""
    hostdevs: Annotated[list[HostdevSpec], OneOrMore] = Field(default_factory=list)
    """Devices of the host."""
    redirdevs: Annotated[list[RedirdevSpec], OneOrMore] = Field(default_factory=list)
    """Places for USB devices that a viewer hands over."""
    hubs: Annotated[list[HubSpec], OneOrMore] = Field(default_factory=list)
    """USB hubs."""
    watchdog: WatchdogSpec | None = None
    """A watchdog."""
    balloon: BalloonSpec | None = None
    """The memory balloon; libvirt adds one where it can."""
    rng: Annotated[list[RngSpec], OneOrMore] = Field(default_factory=list)
    """Random number generators."""
    shmem: Annotated[list[ShmemSpec], OneOrMore] = Field(default_factory=list)
    """Memory shared with other domains."""
    panic: Annotated[list[PanicSpec], OneOrMore] = Field(default_factory=list)
    """How the guest tells that its kernel crashed."""
    memory_modules: Annotated[list[MemorySpec], OneOrMore] = Field(default_factory=list)
    """Memory that is plugged in, within max_memory."""
    vsock: VsockSpec | None = None
    """A socket between guest and host."""
    iommu: IommuSpec | None = None
    """An IOMMU."""

    seclabels: Annotated[list[SeclabelSpec], OneOrMore] = Field(default_factory=list)
    """Security labels; the host's configuration decides if none."""
    qemu_args: list[Text] = Field(default_factory=list)
    """Arguments of your own on QEMU's command line; libvirt does not support what they do."""

    defaults: bool = True
    """Whether what is not said is filled in as an ordinary machine has it: ACPI, the agent's channel, buses,
    models, drivers. false leaves all of it to libvirt."""
    xml: Text | None = None
    """libvirt XML of your own, merged over the result by identity: what has no field goes here."""

    @property
    def completed(self) -> Self:
        """This domain with all that XML needs: targets, buses, formats, the agent's channel ..."""
        return self if COMPLETED in self.__dict__ else completed(self)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong between the parts: the path of one, and a message."""
        return domain_rules(self)

    @classmethod
    def from_yaml(cls, source: str | Path) -> Self:
        """Read a spec in YAML 1.2, as text or from a file.

        Raises:
            SpecError: it is not YAML, or not a valid spec; each problem has its path, and its line.
            OSError: the file cannot be read.
        """
        from virtkit.spec.yaml import read

        return read(cls, source)

    @classmethod
    def from_document(cls, source: "Source | Document") -> Self:
        """Return an existing domain as a spec: ``render`` of it means the same as the document.

        What no field can say is in ``xml``. Nothing is filled in that is not there: a domain whose gaps
        would be filled becomes a spec with ``defaults: false``. Give it what the domain is defined as
        (``domain.xml(inactive=True)``): of a running one the spec would have what libvirt chose for this
        run too. A password is in the spec if it is in the document.

        Args:
            source: a domain's XML: text, bytes, a path, an lxml element, or a ``virtkit.model.Domain``.

        Raises:
            ParseError: it is not well-formed.
            DocumentError: it is no domain, or has virtkit's own instructions for overlays in it.
            OSError: the file cannot be read.
        """
        from importlib import import_module

        # a floor above: what the overlay has to say is only known when the spec is rendered
        made = import_module("virtkit.rendering.taking_over").spec_of(source, cls)
        return cast("Self", made)

    def to_yaml(self) -> str:
        """Return the spec as YAML, with what differs from the defaults. Passwords are in it."""
        from virtkit.spec.yaml import write

        return write(self.to_dict())

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of specs, for editors and other programs."""
        schema = cls.model_json_schema()
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "virtkit domain"} | schema
