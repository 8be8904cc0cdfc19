"""What libvirt-python has on libvirts newer than the one that the fake stands for, as far as it works here.

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
METHODS = {
    "virDomain": {"autostartOnce": "11.2", "graphicsReload": "10.2", "setAutostartOnce": "11.2"},
    "virNodeDevice": {"update": "10.1"},
}
