"""virNetwork and virNetworkPort: networks, what is plugged in, what their DHCP servers give out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.handles import Named
from virtkit.fake.network import leases, ports, server, values
from virtkit.fake.network.records import FROM, NetworkRecord, announce, by_name, tree_of
from virtkit.fake.objects import ObjectBase
from virtkit.fake.reading import parse_uuid
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.network.ports import Port
    from virtkit.fake.store.session import Session

_LIVE, _CONFIG = c.VIR_NETWORK_UPDATE_AFFECT_LIVE, c.VIR_NETWORK_UPDATE_AFFECT_CONFIG
_BANDWIDTH = {
    f"{way}.{key}": (way, key)
    for way, keys in (
        ("inbound", ("average", "peak", "floor", "burst")),
        ("outbound", ("average", "peak", "burst")),
    )
    for key in keys
}


def filled(xml: str) -> str:
    """Return the document that libvirt makes of the network *xml* before any driver adds to it."""
    from virtkit.fake.network import definition
    from virtkit.fake.network.records import text_of

    return text_of(definition.read(xml))


@complete
class virNetwork(ObjectBase[NetworkRecord], family="network"):
    """A network of a fake host, with the methods of libvirt-python's class."""

    def _find(self, session: Session) -> NetworkRecord:
        """Return the record: by the UUID, but the test driver looks for the name."""
        if self._host.personality.guest_decides:
            return self._find_uuid(session)
        record = by_name(self._host, session, self._o.name)
        if record is None:
            source = self._host.personality.source
            fail(c.VIR_ERR_NO_NETWORK, source, f"no network with matching name '{self._o.name}'")
        return record

    def _find_uuid(self, session: Session) -> NetworkRecord:
        record = session.object(NetworkRecord, self._o.key)
        if record is None:
            self._missing()
        return record

    def _missing(self) -> NoReturn:
        detail = f"no network with matching uuid '{self._o.key}'"
        if self._host.personality.guest_decides:
            fail(c.VIR_ERR_NO_NETWORK, FROM, f"{detail} ({self._o.name})")
        fail(c.VIR_ERR_NO_NETWORK, self._host.personality.source, detail)

    def _refuse(self, detail: str, *, driver: bool = False) -> NoReturn:
        fail(c.VIR_ERR_OPERATION_INVALID, self._host.personality.source if driver else FROM, detail)

    def name(self) -> str:
        return self._o.name

    def UUID(self) -> bytes:
        return UUID(self._o.key).bytes

    def UUIDString(self) -> str:
        return self._o.key

    @object_call("virNetworkIsActive", write=False, find="_find_uuid")
    def isActive(self, session: Session, record: NetworkRecord) -> int:
        return int(record.active)

    @object_call("virNetworkIsPersistent", write=False, find="_find_uuid")
    def isPersistent(self, session: Session, record: NetworkRecord) -> int:
        return int(record.persistent)

    @object_call("virNetworkGetAutostart", write=False)
    def autostart(self, session: Session, record: NetworkRecord) -> int:
        return int(record.autostart)

    @object_call("virNetworkSetAutostart")
    def setAutostart(self, session: Session, record: NetworkRecord, autostart: int) -> int:
        if not record.persistent and self._host.personality.guest_decides:
            self._refuse("cannot set autostart for transient network")
        record.autostart = bool(autostart)
        return 0

    @object_call("virNetworkGetBridgeName", write=False)
    def bridgeName(self, session: Session, record: NetworkRecord) -> str:
        name = values.filled_text(record.tree, "bridge/@name")
        if name is None:
            source = FROM if self._host.personality.guest_decides else self._host.personality.source
            message = f"network '{record.name}' does not have a bridge name."
            fail(c.VIR_ERR_INTERNAL_ERROR, source, message)
        return name

    @object_call("virNetworkGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: NetworkRecord, flags: int = 0) -> str:
        if not self._host.personality.guest_decides:
            return record.definition
        ports.sync(session, record)
        return ports.shown(record, inactive=bool(flags & c.VIR_NETWORK_XML_INACTIVE))

    @object_call("virNetworkCreate")
    def create(self, session: Session, record: NetworkRecord) -> int:
        from virtkit.fake.network import state

        if record.active:
            if self._host.personality.guest_decides:
                self._refuse("network is already active")
            self._refuse(f"Network '{record.name}' is already running", driver=True)
        if self._host.personality.guest_decides:
            state.check_start(self._host, session, record.tree)
            state.start(session, record)
        else:
            record.active = True
            announce(session, record, c.VIR_NETWORK_EVENT_STARTED)
        return 0

    @object_call("virNetworkDestroy")
    def destroy(self, session: Session, record: NetworkRecord) -> int:
        from virtkit.fake.network import state

        if self._host.personality.guest_decides:
            if not record.active:
                self._refuse(f"network '{record.name}' is not active")
            server.renew(self._host, session, record)
            state.stop(session, record)
            return 0
        record.active = False
        announce(session, record, c.VIR_NETWORK_EVENT_STOPPED)
        if not record.persistent:
            session.drop(record)
        return 0

    @object_call("virNetworkUndefine")
    def undefine(self, session: Session, record: NetworkRecord) -> int:
        if not self._host.personality.guest_decides:
            if record.active:
                self._refuse(f"Network '{record.name}' is still running", driver=True)
        elif not record.persistent:
            self._refuse("can't undefine transient network")
        announce(session, record, c.VIR_NETWORK_EVENT_UNDEFINED)
        if record.active:
            record.saved, record.persistent = None, False
        else:
            session.drop(record)
        return 0

    @object_call("virNetworkUpdate", find="_find_uuid")
    def update(
        self,
        session: Session,
        record: NetworkRecord,
        command: int,
        section: int,
        parentIndex: int,
        xml: str,
        flags: int = 0,
    ) -> int:
        from virtkit.fake.network.update import updated

        flags = flags & (_LIVE | _CONFIG) or (_LIVE if record.active else _CONFIG)
        if flags & _LIVE and not record.active:
            self._refuse("network is not running")
        if flags & _CONFIG and not record.persistent:
            self._refuse("cannot change persistent config of a transient network")
        options = self._host.personality.guest_decides
        change = (command, section, parentIndex, xml)
        live = updated(record.definition, *change, options=options) if flags & _LIVE else record.definition
        if flags & _CONFIG:
            config = updated(record.inactive, *change, options=options)
            if record.active:
                record.saved = config
            else:
                live, record.saved = config, None
        record.definition = live
        return 0

    @object_call("virNetworkGetDHCPLeases", write=False)
    def DHCPLeases(
        self, session: Session, record: NetworkRecord, mac: str | None = None, flags: int = 0
    ) -> list[dict[str, Any]]:
        wanted = None if mac is None else values.mac(mac)
        if mac is not None and wanted is None:
            fail(c.VIR_ERR_INVALID_MAC, FROM, mac)
        return leases.given_out(self._host, session, record, wanted)

    # ports

    def _port(self, port: Port) -> virNetworkPort:
        return virNetworkPort(self, Named(port["uuid"], self._o.name))

    def _plugged(self, session: Session, record: NetworkRecord, uuid: str) -> Port:
        """Return the port *uuid* of the active network."""
        ports.sync(session, record)
        found = next((port for port in record.ports if port["uuid"] == uuid), None)
        if found is None:
            message = f"Network port with UUID {uuid} does not exist"
            fail(c.VIR_ERR_NO_NETWORK_PORT, FROM, message)
        self._check_active(record)
        return found

    def _check_active(self, record: NetworkRecord) -> None:
        if not record.active:
            self._refuse(f"network '{record.name}' is not active")

    @object_call("virNetworkListAllPorts", write=False)
    def listAllPorts(self, session: Session, record: NetworkRecord, flags: int = 0) -> list[virNetworkPort]:
        self._check_active(record)
        ports.sync(session, record)
        return [self._port(port) for port in record.ports]

    @object_call("virNetworkPortLookupByUUID", write=False)
    def portLookupByUUID(self, session: Session, record: NetworkRecord, uuid: bytes) -> virNetworkPort:
        text = str(UUID(bytes=bytes(uuid).ljust(16, b"\0")[:16]))
        return self._port(self._plugged(session, record, text))

    @object_call("virNetworkPortLookupByUUIDString", write=False)
    def portLookupByUUIDString(self, session: Session, record: NetworkRecord, uuidstr: str) -> virNetworkPort:
        uuid = parse_uuid(uuidstr)
        if uuid is None:
            function = "virNetworkPortLookupByUUIDString"
            fail_argument(FROM, f"uuidstr in {function} must be a valid UUID", function, "uuidstr")
        return self._port(self._plugged(session, record, uuid))

    @object_call("virNetworkPortCreateXML")
    def portCreateXML(
        self, session: Session, record: NetworkRecord, xmldesc: str, flags: int = 0
    ) -> virNetworkPort:
        given = ports.parse(xmldesc, validate=bool(flags & c.VIR_NETWORK_PORT_CREATE_VALIDATE))
        self._check_active(record)
        reclaims = bool(flags & c.VIR_NETWORK_PORT_CREATE_RECLAIM)
        if reclaims == (given.find("plug") is None):
            message = (
                "Port reclaim requested but plug type is none"
                if reclaims
                else "Port reclaim not requested but plug type is not none"
            )
            fail(c.VIR_ERR_INVALID_ARG, FROM, message)
        ports.sync(session, record)
        made = (ports.reclaim if reclaims else ports.allocate)(record, given)
        if any(port["uuid"] == made["uuid"] for port in record.ports):
            message = f"Network port with UUID {made['uuid']} already exists"
            fail(c.VIR_ERR_NETWORK_PORT_EXIST, FROM, message)
        record.ports.append(made)
        return self._port(made)


@complete
class virNetworkPort(ObjectBase[NetworkRecord]):
    """A port of a network, with the methods of libvirt-python's class."""

    def __init__(self, net: virNetwork, _obj: Named | None = None) -> None:
        super().__init__(net.connect(), _obj)
        self._net = net

    def _find(self, session: Session) -> NetworkRecord:
        return self._net._find(session)  # noqa: SLF001

    def _port(self, session: Session, record: NetworkRecord) -> Port:
        return self._net._plugged(session, record, self._o.key)  # noqa: SLF001

    def network(self) -> virNetwork:
        return self._net

    def UUID(self) -> bytes:
        return UUID(self._o.key).bytes

    def UUIDString(self) -> str:
        return self._o.key

    @object_call("virNetworkPortGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: NetworkRecord, flags: int = 0) -> str:
        text: str = self._port(session, record)["text"]
        return text

    @object_call("virNetworkPortDelete")
    def delete(self, session: Session, record: NetworkRecord, flags: int = 0) -> int:
        port = self._port(session, record)
        record.ports.remove(port)
        return 0

    @object_call("virNetworkPortGetParameters", write=False)
    def parameters(self, session: Session, record: NetworkRecord, flags: int = 0) -> dict[str, int]:
        return _parameters(self._port(session, record))

    @object_call("virNetworkPortSetParameters")
    def setParameters(
        self, session: Session, record: NetworkRecord, params: dict[str, int], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import typed

        if not params:
            raise LookupError("Need non-empty dictionary to set attributes")
        port = self._port(session, record)
        known = dict.fromkeys(_parameters(port), typed.UINT)
        if not known:
            raise LookupError("Port has no settable attributes")
        port["text"] = ports.with_bandwidth(record, port, typed.like(params, known))
        return 0


def _parameters(port: Port) -> dict[str, int]:
    """Return the bandwidth of *port* as typed parameters."""
    from virtkit.fake.network.common import rates

    bandwidth = tree_of(port["text"]).find("bandwidth")
    if bandwidth is None:
        return {}
    kept = {way: bandwidth.find(way) for way in ("inbound", "outbound")}
    return {
        name: rates(kept[way]).get(key, 0) for name, (way, key) in _BANDWIDTH.items() if kept[way] is not None
    }
