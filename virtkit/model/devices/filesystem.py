"""File systems: folders of the host that a guest sees."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Flag, Integer, OnOff, Size, Text
from virtkit.model.shared import Bootable, IdMap, VirtioOptions
from virtkit.model.views import View


class FilesystemDriver(VirtioOptions):
    """How a file system reaches the guest."""

    type = Choice[Literal["path", "handle", "loop", "nbd", "ploop", "virtiofs", "mtp"]]("@type")
    format = Text("@format")
    name = Text("@name")
    wrpolicy = Choice[Literal["immediate"]]("@wrpolicy")
    queue = Integer("@queue")


class FilesystemSource(View):
    """What of the host a guest sees; which fields count depends on the file system's ``type``."""

    TAG = "source"
    dir = Text("@dir")
    file = Text("@file")
    dev = Text("@dev")
    name = Text("@name")
    pool = Text("@pool")
    volume = Text("@volume")
    socket = Text("@socket")
    usage = Integer("@usage")
    units = Text("@units")


class Binary(View):
    """The program that serves a virtiofs."""

    TAG = "binary"
    path = Text("@path")
    xattr = OnOff("@xattr")
    cache_mode = Choice[Literal["none", "always"]]("cache/@mode")
    lock_posix = OnOff("lock/@posix")
    lock_flock = OnOff("lock/@flock")
    sandbox_mode = Choice[Literal["namespace", "chroot"]]("sandbox/@mode")
    thread_pool_size = Integer("thread_pool/@size")
    openfiles_max = Integer("openfiles/@max")


class Filesystem(Bootable):
    """A folder (virtiofs, 9p), an image or a mount of a container."""

    TAG = "filesystem"
    type = Choice[Literal["mount", "block", "file", "template", "ram", "bind", "volume"]]("@type")
    accessmode = Choice[Literal["passthrough", "mapped", "squash"]]("@accessmode")
    model = Choice[Literal["virtio", "virtio-transitional", "virtio-non-transitional"]]("@model")
    multidevs = Choice[Literal["default", "remap", "forbid", "warn"]]("@multidevs")
    fmode = Text("@fmode")
    dmode = Text("@dmode")
    driver = Child(FilesystemDriver)
    binary = Child(Binary)
    source = Child(FilesystemSource)
    target_dir = Text("target/@dir")
    idmap = Child(IdMap)
    readonly = Flag("readonly")
    space_hard_limit = Size("space_hard_limit", "bytes")
    space_soft_limit = Size("space_soft_limit", "bytes")
