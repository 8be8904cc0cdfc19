"""How a domain starts: firmware, kernel, devices to boot from, a container's init."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.values import AbsPath, Line, OneOrMore, Text, matching

BootDevice = Literal["hd", "cdrom", "network", "fd"]
EnvName = Annotated[
    str, AfterValidator(matching(r"[a-zA-Z_][a-zA-Z0-9_]*", "the name of an environment variable"))
]


class BootSpec(Part):
    """How a domain starts: https://libvirt.org/formatdomain.html#operating-system-booting.

    A bare string is the firmware: ``boot: efi``.
    """

    short: ClassVar[str | None] = "firmware"

    firmware: Literal["bios", "efi"] | None = None
    """The host picks the files, as its libvirt knows them; without it what the machine has."""
    secure: bool | None = None
    """Whether EFI starts signed systems only, with the vendors' keys enrolled."""
    enrolled_keys: bool | None = None
    """Whether the vendors' keys are there; yes with secure boot if not said."""
    loader: AbsPath | None = None
    """A firmware file of your choice; beside 'firmware', the one that a newer libvirt chose."""
    loader_type: Literal["rom", "pflash"] | None = None
    """How that file is loaded; pflash for EFI."""
    loader_readonly: bool | None = None
    """Whether the guest cannot write that file."""
    loader_secure: bool | None = None
    """Whether that file enforces secure boot."""
    loader_stateless: bool | None = None
    """Whether that file keeps no variables of its own."""
    nvram: AbsPath | None = None
    """Where EFI's variables are stored; libvirt chooses if none."""
    nvram_template: AbsPath | None = None
    """What EFI's variables start as."""
    kernel: AbsPath | None = None
    """The host's file of a kernel that is booted directly."""
    initrd: AbsPath | None = None
    """The kernel's initial file system."""
    cmdline: Line | None = None
    """The kernel's arguments."""
    dtb: AbsPath | None = None
    """The kernel's device tree."""
    bootloader: AbsPath | None = None
    """The host's program that boots the guest: pygrub (Xen), grub-bhyve."""
    bootloader_args: Line | None = None
    """That program's arguments."""
    order: Annotated[list[BootDevice], OneOrMore] = Field(default_factory=list)
    """Kinds of device in the order they are tried; or give the devices a boot_order."""
    menu: bool | None = None
    """Whether the user can choose at start."""
    menu_timeout: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Milliseconds that the menu waits."""
    reboot_timeout: Annotated[int, Field(ge=-1, le=65535)] | None = None
    """Milliseconds until BIOS tries again when nothing boots; -1 is never."""
    smbios: Literal["emulate", "host", "sysinfo"] | None = None
    """Whose SMBIOS the guest sees."""
    init: AbsPath | None = None
    """The first program of a container; /sbin/init if none."""
    init_args: list[Text] = Field(default_factory=list)
    """Its arguments."""
    init_env: dict[EnvName, Text] = Field(default_factory=dict)
    """Its environment."""
    init_dir: AbsPath | None = None
    """The folder it starts in."""
    init_user: Line | None = None
    """Who runs it, with init_group."""
    init_group: Line | None = None
    """The group that runs it, with init_user."""

    @property
    def states_loader(self) -> bool:
        """Whether something is said about the file of the firmware."""
        about = (self.loader_type, self.loader_readonly, self.loader_secure, self.loader_stateless)
        return any(each is not None for each in about)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        yield from self._firmware_rules()
        for key in ("initrd", "cmdline", "dtb"):
            if getattr(self, key) is not None and self.kernel is None:
                yield key, "is of no use without a kernel: set kernel"
        if len(set(self.order)) < len(self.order):
            yield "order", f"{', '.join(self.order)} has a kind of device twice"
        if self.menu_timeout is not None and not self.menu:
            yield "menu_timeout", "there is no menu: set menu: true"
        if self.bootloader_args is not None and self.bootloader is None:
            yield "bootloader_args", "there is no bootloader: set bootloader"
        if (self.init_user is None) != (self.init_group is None):
            yield (
                "init_group" if self.init_group is None else "init_user",
                "init_user and init_group go together",
            )

    def _firmware_rules(self) -> Iterator[tuple[str, str]]:
        if self.secure and self.firmware != "efi":
            yield "secure", "secure boot is EFI's: set firmware: efi"
        if self.enrolled_keys is not None and self.firmware != "efi":
            yield "enrolled_keys", "only EFI has keys: set firmware: efi"
        if self.secure and self.enrolled_keys is False:
            yield "enrolled_keys", "secure boot without keys starts nothing: leave one of them out"
        for key in ("loader_type", "loader_readonly", "loader_secure", "loader_stateless", "nvram_template"):
            if getattr(self, key) is not None and self.loader is None and self.firmware is None:
                yield key, "is about a loader: set loader, or firmware"
        if self.nvram is not None and self.loader is None and self.firmware != "efi":
            yield "nvram", "only EFI stores variables: set firmware: efi"
