"""What the fake models in part: by method, what is missing. ``docs/generate.py`` makes a table of it."""

from __future__ import annotations

_NETCF = "where the host's `interface_backend` is `netcf`: `udev` lacks it"

PARTLY: dict[str, str] = {
    **{f"virConnect.{name}": _NETCF for name in ("changeBegin", "changeCommit", "changeRollback")},
    **{f"virInterface.{name}": _NETCF for name in ("create", "destroy", "undefine")},
    "virConnect.interfaceDefineXML": _NETCF,
    "virConnect.baselineHypervisorCPU": "without KVM, a model that QEMU has in part may be another",
    "virConnect.domainXMLToNative": "disks, cards, controllers and the like: rarer devices are left out",
    "virConnect.getCPUStats": "all CPUs are alike: what guests compute is spread evenly",
    "virConnect.getMemoryStats": "no buffers, no cache: what guests do not have is free",
    "virConnect.listAllInterfaces": "bridges of networks are not among them",
    "virConnect.nodeDeviceCreateXML": "errors of mdevctl are worded freely",
    "virConnect.setIdentity": "taken, and of no effect",
    "virConnect.suspendForDuration": "the host goes on",
    "virConnect.virConnGetLastError": "the thread's last error, whichever connection it came from",
    "virDomain.FDAssociate": "the files are not kept",
    "virDomain.createWithFiles": "the files are not kept",
    "virConnect.createXMLWithFiles": "the files are not kept",
    "virDomain.abortJobFlags": "post-copy goes on",
    "virDomain.coreDump": "no file comes of it",
    "virDomain.coreDumpWithFormat": "no file comes of it",
    "virDomain.injectNMI": "the guest does not mind",
    "virDomain.openChannel": "nobody speaks on the guest's side",
    "virDomain.openGraphics": "the other side says nothing",
    "virDomain.openGraphicsFD": "the other side says nothing",
    "virDomain.screenshot": "the screen is black",
    "virDomain.sendKey": "checked, and of no effect",
    "virDomain.setLaunchSecurityState": "no guest has SEV",
    "virNodeDevice.reset": "nothing but the check that no guest has the device",
}

# what QEMU's driver had once, and lacks
GONE = {"virConnect.domainXMLFromNative"}
