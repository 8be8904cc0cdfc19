"""What libvirt-python has on libvirts newer than the fake's, as far as it costs little here.

A program that asks ``hasattr(libvirt, ...)`` gets what it asks for; ``getVersion()`` stays what it is.
"""

from __future__ import annotations

# since 10.1 and 10.2
CONSTANTS: dict[str, int] = {
    "VIR_NODE_DEVICE_UPDATE_AFFECT_CURRENT": 0,
    "VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE": 1,
    "VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG": 2,
    "VIR_DOMAIN_GRAPHICS_RELOAD_TYPE_ANY": 0,
    "VIR_DOMAIN_GRAPHICS_RELOAD_TYPE_VNC": 1,
}
# since 9.7
CONSTANTS |= {
    "VIR_NETWORK_METADATA_DESCRIPTION": 0,
    "VIR_NETWORK_METADATA_TITLE": 1,
    "VIR_NETWORK_METADATA_ELEMENT": 2,
    "VIR_NETWORK_EVENT_ID_METADATA_CHANGE": 1,
    "VIR_ERR_NO_NETWORK_METADATA": 111,
}
METHODS = {
    "virDomain": {"autostartOnce": "11.2", "graphicsReload": "10.2", "setAutostartOnce": "11.2"},
    "virNodeDevice": {"update": "10.1"},
}
# those that refuse: parameters and C function, as surface.json has them, and the release
REFUSING: dict[str, dict[str, tuple[str, str, str]]] = {
    "virDomain": {
        "delThrottleGroup": ("self, group, flags=0", "virDomainDelThrottleGroup", "11.2"),
        "setThrottleGroup": ("self, group, params, flags=0", "virDomainSetThrottleGroup", "11.2"),
    },
    "virNetwork": {
        "metadata": ("self, type, uri, flags=0", "virNetworkGetMetadata", "9.7"),
        "setMetadata": ("self, type, metadata, key, uri, flags=0", "virNetworkSetMetadata", "9.7"),
    },
}
