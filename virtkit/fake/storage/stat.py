"""What a look at a volume's file says: sizes, permissions, times; on refresh also format and backing file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake.storage import images
from virtkit.fake.storage.blob import Blob
from virtkit.fake.storage.files import resolve
from virtkit.fake.storage.records import FileRecord

if TYPE_CHECKING:
    from virtkit.fake.storage.kinds import Kind
    from virtkit.fake.store.session import Session


def seen(session: Session, definition: dict[str, Any], kind: Kind, *, probing: bool) -> bool:
    """Bring a volume's definition up to date; return whether its file is there.

    Args:
        session: the call's.
        definition: is changed.
        kind: the pool's type.
        probing: whether to find out the format anew.
    """
    file = session.object(FileRecord, definition["path"])
    if file is None:
        return False
    definition["permissions"], definition["timestamps"] = _owner(file), _times(file)
    if file.is_dir:
        definition.update(capacity=0, allocation=0, physical=0, format="dir" if kind.is_local else None)
        return True
    blob = Blob(session, file)
    definition["allocation"] = blob.allocation if kind.is_local else file.size
    definition["physical"] = file.size if kind.is_local else 0
    definition["capacity"] = file.size
    if not kind.is_local:
        return True
    probed = images.probe(blob)
    if probing:
        _probe(session, definition, probed)
    if probed.size and probed.format == definition["format"]:
        definition["capacity"] = probed.size
    return True


def _probe(session: Session, definition: dict[str, Any], probed: images.Probed) -> None:
    kept = {name: definition[name] for name in ("compat", "cluster_size")}
    definition.update(probed.details())
    for name, old in kept.items():  # libvirt keeps what an image that is none any more had
        definition[name] = definition[name] or old
    if probed.backing is not None:
        path = resolve(definition["path"], probed.backing)
        backing: dict[str, Any] = {
            "path": path,
            "format": probed.backing_format or "raw",
            "permissions": None,
            "timestamps": None,
        }
        show_backing(session, backing)
        definition["backing"] = backing


def show_backing(session: Session, backing: dict[str, Any]) -> None:
    """Add permissions and times of a backing file that is there."""
    file = session.object(FileRecord, backing["path"])
    if file is not None:
        backing["permissions"], backing["timestamps"] = _owner(file), _times(file)


def _owner(file: FileRecord) -> dict[str, Any]:
    return {"mode": file.mode, "owner": file.owner, "group": file.group}


def _times(file: FileRecord) -> list[int]:
    return list(file.times)
