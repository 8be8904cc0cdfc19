"""kcli (PyPI): one command line for many hypervisors, by its libvirt provider."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path
from typing import Any

import libvirt
from kvirt.providers.kvm import Kvirt

from tests.programs.scenarios.telling import attempt, say, small, uri


def quietly(call: Any, *arguments: Any, **keywords: Any) -> Any:
    """Make the call; what kcli prints is not compared."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return call(*arguments, **keywords)


def main() -> None:
    """Pools, networks, machines: made, listed, changed, removed."""
    conn = libvirt.open(uri())
    client = Kvirt(url=uri())
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "pool"
        made.mkdir()
        attempt("create_pool", quietly, client.create_pool, "kpool", str(made))
        attempt("list_pools", lambda: sorted(quietly(client.list_pools)))
        attempt("create_network", quietly, client.create_network, "knet", "192.168.130.0/24")
        attempt("again", quietly, client.create_network, "knet", "192.168.130.0/24")
        attempt("list_networks", lambda: sorted(quietly(client.list_networks)))
        attempt("info_network", quietly, client.info_network, "knet")
        conn.defineXML(small(conn, "web"))
        attempt("exists", quietly, client.exists, "web")
        attempt("net_exists", quietly, client.net_exists, "knet")
        attempt("list", lambda: sorted(each["name"] for each in quietly(client.list)))
        attempt("start", quietly, client.start, "web")
        attempt("status", quietly, client.status, "web")
        attempt("start again", quietly, client.start, "web")
        attempt("stop", quietly, client.stop, "web")
        attempt("update_memory", quietly, client.update_memory, "web", 512)
        attempt("update_cpus", quietly, client.update_cpus, "web", 4)
        attempt("update_information", quietly, client.update_information, "web", "a test")
        attempt("update_metadata", quietly, client.update_metadata, "web", "owner", "ann")
        attempt("update_start", quietly, client.update_start, "web", True)
        say("autostart", conn.lookupByName("web").autostart())
        say("info", conn.lookupByName("web").info()[:4])
        attempt("create_disk", quietly, client.create_disk, "data", 1, pool="kpool")
        attempt("list_disks", lambda: sorted(quietly(client.list_disks)))
        attempt("volumes", quietly, client.volumes)
        attempt("add_nic", quietly, client.add_nic, "web", "knet")
        attempt("clone", quietly, client.clone, "web", "web2")
        attempt("create_snapshot", quietly, client.create_snapshot, "first", "web")
        attempt("list_snapshots", quietly, client.list_snapshots, "web")
        attempt("revert_snapshot", quietly, client.revert_snapshot, "first", "web")
        attempt("delete_snapshot", quietly, client.delete_snapshot, "first", "web")
        attempt("delete", quietly, client.delete, "web")
        attempt("gone", quietly, client.exists, "web")
        attempt("delete_network", quietly, client.delete_network, "knet")
        attempt("delete_pool", quietly, client.delete_pool, "kpool")
    attempt("info_host", lambda: sorted(quietly(client.info_host)))


main()
