"""The one door to libvirt: nothing else imports libvirt-python, and that only when a connection is opened."""

from virtkit.binding.api import LibvirtModule, VirConnect, VirDomain, VirStoragePool, VirStorageVol
from virtkit.binding.errors import host_error, is_libvirt_error, translate
from virtkit.binding.loading import leave_error_handler
from virtkit.binding.opening import Opened, open_connection

__all__ = [
    "LibvirtModule",
    "Opened",
    "VirConnect",
    "VirDomain",
    "VirStoragePool",
    "VirStorageVol",
    "host_error",
    "is_libvirt_error",
    "leave_error_handler",
    "open_connection",
    "translate",
]
