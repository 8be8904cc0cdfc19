"""The bytes of images, as jobs move them: what the guest sees stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Chain
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_PIECE = 1 << 16


def _pieces(session: Session, path: str, depth: int | None) -> dict[int, bytes]:
    """Return what the image at *path*, with *depth* images of its chain (None: all), holds."""
    from virtkit.fake.storage.building import Guest

    guest = Guest(session, path, depth)
    return {number: guest.read(number * _PIECE, _PIECE) for number in guest.clusters(_PIECE)}


def _write(host: Host, session: Session, path: str, pieces: dict[int, bytes]) -> None:
    """Write *pieces* into the image at *path*, which holds nothing yet if it is not a raw one."""
    from virtkit.fake.storage import files, qcow2
    from virtkit.fake.storage.records import FileRecord

    file, image = session.object(FileRecord, path), files.find_by_path(session, path)
    if file is None or image is None or not pieces:
        return
    with files.changing(host, session, file) as blob:
        if image.format == "qcow2":
            qcow2.fill_guest(blob, lambda offset, _size: pieces[offset // _PIECE], sorted(pieces))
        elif image.format == "raw":
            for number, data in pieces.items():
                blob.write(number * _PIECE, data[: max(image.capacity - number * _PIECE, 0)])


def fill(host: Host, session: Session, path: str, source: str, depth: int | None = None) -> None:
    """Copy what the image at *source* holds into the new one at *path*."""
    _write(host, session, path, _pieces(session, source, depth))


def _rewrite(
    host: Host, session: Session, path: str, pieces: dict[int, bytes], backing: tuple[str, str] | None
) -> None:
    """Make the qcow2 image at *path* hold *pieces*, upon another image or none."""
    from virtkit.fake.storage import files

    image = files.find_by_path(session, path)
    if image is None or image.format != "qcow2":
        return
    below, form = backing or (None, None)
    files.create_image(host, session, path, "qcow2", image.capacity, backing=below, backing_format=form)
    _write(host, session, path, pieces)


def pull_up(host: Host, session: Session, chain: Chain, bottom: int | None) -> None:
    """Move what is above the image at *bottom* (None: all) into the top image."""
    top = chain.layers[0].path
    below = None if bottom is None else (chain.layers[bottom].path, chain.layers[bottom].format)
    _rewrite(host, session, top, _pieces(session, top, bottom), below)


def push_down(host: Host, session: Session, chain: Chain, first: int, bottom: int) -> None:
    """Move what the images from *first* to above *bottom* hold into that one; what is above stands on it."""
    base, form = chain.layers[bottom].path, chain.layers[bottom].format
    pieces = _pieces(session, chain.layers[first].path, bottom - first)
    if form == "raw":
        _write(host, session, base, pieces)
    elif pieces:
        layers = chain.layers[bottom + 1 : bottom + 2]
        below = (layers[0].path, layers[0].format) if layers else None
        _rewrite(host, session, base, {**_pieces(session, base, 1), **pieces}, below)
    if first:
        above = chain.layers[first - 1].path
        _rewrite(host, session, above, _pieces(session, above, 1), (base, form))
