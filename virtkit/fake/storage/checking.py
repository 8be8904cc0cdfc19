"""What libvirt and qemu-img refuse to build."""

from __future__ import annotations

import errno
import os
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_argument, fail_system
from virtkit.fake.storage import files, images
from virtkit.fake.storage.values import FROM

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.storage.records import PoolRecord
    from virtkit.fake.store.session import Session

PREALLOCATE, REFLINK = (
    c.VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA,
    c.VIR_STORAGE_VOL_CREATE_REFLINK,
)
_KIB = 1024
_SMALLEST_CLUSTER, _LARGEST_CLUSTER = 512, 1 << 21
_LUKS = {"luks"}


@dataclass
class Plan:
    """What is to be built, and where."""

    host: Host
    session: Session
    pool: PoolRecord
    definition: dict[str, Any]
    flags: int

    @property
    def style(self) -> str:
        """The format of the image."""
        return str(self.definition["format"] or "raw")

    @property
    def path(self) -> str:
        """Where the file is to be."""
        return str(self.definition["path"])


def system(number: int, detail: str, source: int = FROM) -> NoReturn:
    """Raise that the operating system refuses, with the error *number*."""
    fail_system(OSError(number, os.strerror(number)), source, detail)


def _unsupported(message: str) -> NoReturn:
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, FROM, message)


def check_image(plan: Plan) -> None:
    """Refuse a new image."""
    style, definition = plan.style, plan.definition
    if style == "dir":
        if definition["backing"]:
            fail(c.VIR_ERR_NO_SUPPORT, FROM, "backing storage not supported for directories volumes")
    elif style == "ploop":
        message = "unable to find ploop, please install ploop tools"
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)
    elif (style == "raw" and not definition["encryption"]) or not plan.pool.type.is_local:
        check_raw(plan)
    else:
        _check_by_tool(plan, None)


def check_raw(plan: Plan) -> None:
    """Refuse a raw file, new or copied from another."""
    if plan.flags & PREALLOCATE:
        _unsupported("metadata preallocation is not supported for raw volumes")
    if plan.definition["backing"] and plan.pool.type.is_local:
        fail(c.VIR_ERR_NO_SUPPORT, FROM, "backing storage not supported for raw volumes")
    size = plan.definition["allocation"]
    if size > plan.host.disk - files.used(plan.session):
        system(errno.ENOSPC, f"cannot allocate {size} bytes in file '{plan.path}'")


def check_conversion(plan: Plan, original: dict[str, Any]) -> None:
    """Refuse an image that is to be made of another one."""
    unknown = plan.flags & ~PREALLOCATE & REFLINK
    if unknown:
        function = "storageBackendCreateQemuImg"
        fail_argument(FROM, f"unsupported flags ({unknown:#x}) in function {function}", function, "flags")
    _check_by_tool(plan, original)


def _check_by_tool(plan: Plan, original: dict[str, Any] | None) -> None:
    """Refuse what is for qemu-img to make, in libvirt's order, then in qemu-img's words."""
    definition = plan.definition
    style = "raw" if plan.style == "iso" else plan.style
    if definition["encryption"]:
        _check_secret(plan)
    if style != "qcow2":
        _check_not_qcow2(plan)
    if definition["backing"]:
        _check_backing(plan, original)
    if definition["encryption"]:
        _check_encryption(definition["encryption"], style)
    if style == "qcow2" and definition["compat"] == "0.10":
        for feature, shown in (("lazy_refcounts", "lazy_refcounts"), ("extended_l2", "'extended_l2'")):
            if feature in (definition["features"] or ()):
                _unsupported(f"{shown} not supported with compat level 0.10")
    if original is not None and original["format"] == "dir":
        _tool_fails(plan, original, f"Could not open '{original['path']}': Unknown driver 'dir'")
    if plan.style not in images.CREATED:
        where = "" if original is not None else f"{plan.path}: "
        _tool_fails(plan, original, f"{where}Unknown file format '{style}'")
    if style == "qcow2":
        _check_qcow2(plan, original)
    if definition["backing"] and original is None:
        _check_backing_image(plan, posixpath.join(plan.pool.target, definition["backing"]["path"]))


def _check_not_qcow2(plan: Plan) -> None:
    if plan.flags & PREALLOCATE:
        _unsupported("metadata preallocation only available with qcow2")
    if plan.definition["compat"]:
        _unsupported("compatibility option only available with qcow2")
    if plan.definition["features"] is not None:
        _unsupported("format features only available with qcow2")


def _check_secret(plan: Plan) -> None:
    """Make sure that an image's secret is there and has a value."""
    from virtkit.fake.secret.record import SecretRecord

    encryption = plan.definition["encryption"]
    secrets = encryption["secrets"]
    if len(secrets) != 1:
        message = "A single <secret type='passphrase'...> element is expected in encryption description"
        fail(c.VIR_ERR_INVALID_ARG, FROM, message)
    wanted = secrets[0]
    known = [
        record
        for record in plan.session.objects(SecretRecord)
        if wanted.get("uuid") == record.key or ("usage" in wanted and wanted["usage"] == record.usage_id)
    ]
    if not known:
        how = "uuid" if "uuid" in wanted else "usage"
        message = f"no secret with matching {how} '{wanted[how]}'"
        fail(c.VIR_ERR_NO_SECRET, c.VIR_FROM_SECRET, message)
    if known[0].value is None:
        message = f"secret '{known[0].key}' does not have a value"
        fail(c.VIR_ERR_NO_SECRET, c.VIR_FROM_SECRET, message)
    if encryption["format"] in {"default", "qcow"} and plan.style in {"qcow", "qcow2"}:
        _unsupported("creation of qcow2 encrypted image is not supported")
    if encryption["format"] not in _LUKS and plan.style == "raw":
        message = "Only luks encryption is supported for raw files"
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)


def _check_encryption(encryption: dict[str, Any], style: str) -> None:
    if style not in {"raw", "qcow2"}:
        _unsupported(f"volume encryption unsupported with format {style}")
    if encryption["format"] not in _LUKS:
        _unsupported(f"unsupported volume encryption format {int(encryption['format'] == 'qcow')}")


def _check_backing(plan: Plan, original: dict[str, Any] | None) -> None:
    path = plan.definition["backing"]["path"]
    if plan.style in {"raw", "iso"}:
        _unsupported("cannot set backing store for raw volume")
    if plan.flags & PREALLOCATE:
        _unsupported("metadata preallocation conflicts with backing store")
    if original is not None and original["backing"] and original["backing"]["path"] != path:
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, "a different backing store cannot be specified.")
    if not files.exists(plan.session, posixpath.join(plan.pool.target, path)):
        system(errno.ENOENT, f"inaccessible backing store volume {path}")


def _check_qcow2(plan: Plan, original: dict[str, Any] | None) -> None:
    """Refuse what qemu-img does not make a qcow2 image of."""
    size, compat = plan.definition["cluster_size"], plan.definition["compat"]
    where = f"{plan.path}: " if original is None else f"{plan.path}: error while converting qcow2: "
    if compat not in {None, "0.10", "1.1"}:
        _tool_fails(plan, original, f"{where}Parameter 'version' does not accept value '{compat}'")
    if size and (size & (size - 1) or not _SMALLEST_CLUSTER <= size <= _LARGEST_CLUSTER):
        words = "Cluster size must be a power of two between 512 and 2048k"
        _tool_fails(plan, original, f"{where}{words}")


def _check_backing_image(plan: Plan, path: str) -> None:
    """Refuse a backing file that is not what it is said to be."""
    backing = plan.definition["backing"]
    image = files.find_by_path(plan.session, path)
    words = ""
    if image is None:
        words = f"'file' driver requires '{path}' to be a regular file"
    elif backing["format"] == "qcow2" != image.format:
        words = "Image is not in qcow2 format"
    if words:
        _tool_fails(plan, None, f"{plan.path}: {words}\nCould not open backing image.")


def _tool_fails(plan: Plan, original: dict[str, Any] | None, words: str) -> NoReturn:
    """Raise that qemu-img says *words*."""
    options = _options(plan, original)
    stated = f" -o {options}" if options else ""
    if original is None:
        size = -(-plan.definition["capacity"] // _KIB)
        backing = plan.definition["backing"]
        below = f" -b {backing['path']}" if backing else ""
        room = f" {size}K" if size or not backing else ""
        command = f"create -f {plan.style}{below}{stated} {plan.path}{room}"
    else:
        places = f"{original['path']} {plan.path}"
        command = f"convert -f {original['format']} -O {plan.style}{stated} {places}"
    message = f"Child process (/usr/bin/qemu-img {command}) unexpected exit status 1: qemu-img: {words}\n"
    fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, message)


def _options(plan: Plan, original: dict[str, Any] | None) -> str:
    definition = plan.definition
    backing = definition["backing"] if original is None else None
    compat = definition["compat"] or ("0.10" if plan.style == "qcow2" else None)
    stated = [
        f"backing_fmt={backing['format']}" if backing else "",
        "nocow=on" if definition["nocow"] else "",
        f"compat={compat}" if compat else "",
        f"cluster_size={definition['cluster_size']}" if definition["cluster_size"] else "",
    ]
    return ",".join(option for option in stated if option)
