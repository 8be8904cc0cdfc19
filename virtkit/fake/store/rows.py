"""A domain as a row of the file, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from virtkit.fake.fill import live_document
from virtkit.fake.state.document import Document
from virtkit.fake.state.job import Job
from virtkit.fake.state.records import DomainRecord, SavedImage

if TYPE_CHECKING:
    from virtkit.fake.rules import Personality

_PLAIN = [
    "state",
    "reason",
    "autostart",
    "updated",
    "tainted",
    "started",
    "ran",
    "running_since",
    "balloon",
    "vcpus",
    "max_speed",
    "max_downtime",
    "incoming",
    "last_job",
    "extra",
]
_SAME = "="  # the document is the inactive one
_DERIVED = "+"  # the live document is what starting the base gives

Snapshot = tuple[Any, ...]
Row = tuple[Any, ...]


def snapshot(record: DomainRecord) -> Snapshot:
    """Return what tells whether *record* changed: documents by identity, the rest by value."""
    saved = record.managed_save
    return (
        record.name,
        record.id,
        record.config,
        record.base,
        record.live,
        None if saved is None else (saved.document, saved.running, saved.cpu_time),
        _data(record),
    )


def _data(record: DomainRecord) -> str:
    data = {key: getattr(record, key) for key in _PLAIN}
    data["job"] = None if record.job is None else record.job.to_dict()
    return json.dumps(data)


def to_row(record: DomainRecord, data: str) -> Row:
    """Return the columns uuid, name, id, config, base, live, saved, data."""
    saved = record.managed_save
    return (
        record.uuid,
        record.name,
        record.id,
        _text(record.config),
        _SAME if record.base is not None and record.base is record.config else _text(record.base),
        _live_text(record),
        None if saved is None else image_text(saved),
        data,
    )


def _text(document: Document | None) -> str | None:
    return None if document is None else document.text()


def _live_text(record: DomainRecord) -> str | None:
    live = record.live
    if live is not None and live.derived_from is not None and live.derived_from is record.base:
        return _DERIVED
    return _text(live)


def from_row(row: Row, personality: Personality) -> DomainRecord:
    """Return the record that *row* holds."""
    uuid, name, number, config_text, base_text, live_text, saved, data_text = row
    data = json.loads(data_text)
    job = data.pop("job")
    config = None if config_text is None else Document(text=config_text)
    base = config if base_text == _SAME else None if base_text is None else Document(text=base_text)
    live: Document | None = None
    if live_text == _DERIVED and base is not None:
        live = live_document(personality, base, number, data["extra"].get("grants"))
    elif live_text is not None:
        live = Document(text=live_text)
    return DomainRecord(
        uuid,
        name,
        config=config,
        base=base,
        live=live,
        id=number,
        managed_save=None if saved is None else image_of(saved),
        job=None if job is None else Job(**job),
        **data,
    )


def image_text(image: SavedImage) -> str:
    """Return a saved domain as one text."""
    return json.dumps([image.document.text(), image.running, image.cpu_time])


def image_of(text: str) -> SavedImage:
    """Return the saved domain that *text* holds."""
    document, running, cpu_time = json.loads(text)
    return SavedImage(Document(text=document), running, cpu_time)
