"""The documents of storage pools and their volumes, and of what pools a host can have."""

from virtkit.model.storage.capabilities import StoragePoolCapabilities
from virtkit.model.storage.pool import StoragePool
from virtkit.model.storage.volume import StorageVolume

__all__ = ["StoragePool", "StoragePoolCapabilities", "StorageVolume"]
