"""The typed parameters of a migration: which there are, of which type, and what goes with which flag."""

from __future__ import annotations

from typing import Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

_TEXT, _INT, _ULLONG, _TEXTS = "text", "int", "unsigned long long", "several texts"
_TYPES = {
    c.VIR_MIGRATE_PARAM_URI: _TEXT,
    c.VIR_MIGRATE_PARAM_DEST_NAME: _TEXT,
    c.VIR_MIGRATE_PARAM_DEST_XML: _TEXT,
    c.VIR_MIGRATE_PARAM_PERSIST_XML: _TEXT,
    c.VIR_MIGRATE_PARAM_BANDWIDTH: _ULLONG,
    c.VIR_MIGRATE_PARAM_BANDWIDTH_POSTCOPY: _ULLONG,
    c.VIR_MIGRATE_PARAM_GRAPHICS_URI: _TEXT,
    c.VIR_MIGRATE_PARAM_LISTEN_ADDRESS: _TEXT,
    c.VIR_MIGRATE_PARAM_MIGRATE_DISKS: _TEXTS,
    c.VIR_MIGRATE_PARAM_DISKS_PORT: _INT,
    c.VIR_MIGRATE_PARAM_DISKS_URI: _TEXT,
    c.VIR_MIGRATE_PARAM_COMPRESSION: _TEXTS,
    c.VIR_MIGRATE_PARAM_COMPRESSION_MT_LEVEL: _INT,
    c.VIR_MIGRATE_PARAM_COMPRESSION_MT_THREADS: _INT,
    c.VIR_MIGRATE_PARAM_COMPRESSION_MT_DTHREADS: _INT,
    c.VIR_MIGRATE_PARAM_COMPRESSION_XBZRLE_CACHE: _ULLONG,
    c.VIR_MIGRATE_PARAM_AUTO_CONVERGE_INITIAL: _INT,
    c.VIR_MIGRATE_PARAM_AUTO_CONVERGE_INCREMENT: _INT,
    c.VIR_MIGRATE_PARAM_PARALLEL_CONNECTIONS: _INT,
    c.VIR_MIGRATE_PARAM_TLS_DESTINATION: _TEXT,
}
_METHODS = {"xbzrle", "mt"}
_CONVERGE = {c.VIR_MIGRATE_PARAM_AUTO_CONVERGE_INITIAL, c.VIR_MIGRATE_PARAM_AUTO_CONVERGE_INCREMENT}
_PARALLEL = c.VIR_MIGRATE_PARAM_PARALLEL_CONNECTIONS
# parameters, the compression method that they need, what it is called
_TUNE_METHOD = (
    (
        {
            c.VIR_MIGRATE_PARAM_COMPRESSION_MT_LEVEL,
            c.VIR_MIGRATE_PARAM_COMPRESSION_MT_THREADS,
            c.VIR_MIGRATE_PARAM_COMPRESSION_MT_DTHREADS,
        },
        "mt",
        "multithread compression",
    ),
    ({c.VIR_MIGRATE_PARAM_COMPRESSION_XBZRLE_CACHE}, "xbzrle", "xbzrle compression"),
)


def read(params: Any) -> dict[str, Any]:
    """Return *params* as the binding takes them: a text where several may stand becomes a list.

    Raises:
        TypeError: as the binding does, for what is no dictionary or of the wrong type.
        OverflowError: likewise, for a number out of range.
        libvirtError: there is no such parameter.
    """
    if not isinstance(params, dict):
        raise TypeError("migration params must be a dictionary")
    return {name: _value(name, value) for name, value in params.items()}


def _value(name: Any, value: Any) -> Any:
    kind = _TYPES.get(name) if isinstance(name, str) else _TEXT
    if kind is None:
        fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_NONE, f"parameter '{name}' not supported")
    if kind in {_TEXT, _TEXTS}:
        values = value if kind == _TEXTS and isinstance(value, list | tuple) else [value]
        if not isinstance(name, str) or not all(isinstance(each, str) for each in values):
            raise TypeError("bad argument type for built-in operation")
        return list(values) if kind == _TEXTS else value
    if not isinstance(value, int):
        raise TypeError("an integer is required")
    if kind == _ULLONG and value < 0:
        raise OverflowError("can't convert negative int to unsigned")
    if kind == _ULLONG and value >= 1 << 64:
        raise OverflowError("int too big to convert")
    if kind == _INT and not -(1 << 31) <= value < 1 << 31:
        raise OverflowError("Python int too large to convert to C int")
    return value


def check_sending(params: dict[str, Any], flags: int) -> None:
    """Refuse what the source finds as it begins to send.

    Raises:
        libvirtError: the pace of the guest is to be tuned, and not to be touched.
    """
    if _CONVERGE & set(params) and not flags & c.VIR_MIGRATE_AUTO_CONVERGE:
        _refuse("Turn auto convergence on to tune it")


def check(params: dict[str, Any], flags: int) -> None:
    """Refuse what the destination finds as it prepares: tuning of what is not turned on, unknown compression.

    Raises:
        libvirtError: as QEMU's driver does.
    """
    if _PARALLEL in params and not flags & c.VIR_MIGRATE_PARALLEL:
        _refuse("Turn parallel migration on to tune it")
    methods = params.get(c.VIR_MIGRATE_PARAM_COMPRESSION, [])
    for number, method in enumerate(methods):
        if method not in _METHODS:
            _refuse(f"Unsupported compression method '{method}'")
        if method in methods[:number]:
            _refuse(f"Compression method '{method}' is specified twice")
    for names, wanted, what in _TUNE_METHOD:
        if names & set(params) and wanted not in methods:
            _refuse(f"Turn {what} on to tune it")


def _refuse(detail: str) -> None:
    fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, detail)
