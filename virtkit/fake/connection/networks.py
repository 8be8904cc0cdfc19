"""virConnect: networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.handles import Named
from virtkit.fake.network import virNetwork
from virtkit.fake.network.records import FROM, NetworkRecord, announce, by_name, networks
from virtkit.fake.reading import parse_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.store.session import Session

_ACTIVE, _INACTIVE = c.VIR_CONNECT_LIST_NETWORKS_ACTIVE, c.VIR_CONNECT_LIST_NETWORKS_INACTIVE
_PERSISTENT, _TRANSIENT = c.VIR_CONNECT_LIST_NETWORKS_PERSISTENT, c.VIR_CONNECT_LIST_NETWORKS_TRANSIENT
_AUTO, _NO_AUTO = c.VIR_CONNECT_LIST_NETWORKS_AUTOSTART, c.VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART
_GROUPS = (_ACTIVE | _INACTIVE, _PERSISTENT | _TRANSIENT, _AUTO | _NO_AUTO)


def _is_listed(record: NetworkRecord, flags: int) -> bool:
    has = (
        (_ACTIVE if record.active else _INACTIVE)
        | (_PERSISTENT if record.persistent else _TRANSIENT)
        | (_AUTO if record.autostart else _NO_AUTO)
    )
    return all(not flags & group or flags & group & has for group in _GROUPS)


class Networks(ConnectionBase):
    """Define, create, look up, list, and hear of networks."""

    def _network(self, record: NetworkRecord) -> virNetwork:
        return virNetwork(self, Named(record.key, record.name))  # type: ignore[arg-type]

    @connection_call("virNetworkDefineXML", write=True)
    def networkDefineXML(self, session: Session, xml: str) -> virNetwork:
        return self._define_network(session, xml, 0)

    @connection_call("virNetworkDefineXMLFlags", write=True)
    def networkDefineXMLFlags(self, session: Session, xml: str, flags: int = 0) -> virNetwork:
        return self._define_network(session, xml, flags)

    def _define_network(self, session: Session, xml: str, flags: int) -> virNetwork:
        from virtkit.fake.network import state

        tree = self._read_network(session, xml, validate=bool(flags & c.VIR_NETWORK_DEFINE_VALIDATE))
        record = state.assign(self._host, session, tree, live=False)
        announce(session, record, c.VIR_NETWORK_EVENT_DEFINED)
        return self._network(record)

    @connection_call("virNetworkCreateXML", write=True)
    def networkCreateXML(self, session: Session, xmlDesc: str) -> virNetwork:
        return self._create_network(session, xmlDesc, 0)

    @connection_call("virNetworkCreateXMLFlags", write=True)
    def networkCreateXMLFlags(self, session: Session, xmlDesc: str, flags: int = 0) -> virNetwork:
        return self._create_network(session, xmlDesc, flags)

    def _create_network(self, session: Session, xml: str, flags: int) -> virNetwork:
        from virtkit.fake.network import state

        tree = self._read_network(session, xml, validate=bool(flags & c.VIR_NETWORK_CREATE_VALIDATE))
        state.check_clash(self._host, session, tree, live=True)
        if self._host.personality.guest_decides:
            state.check_start(self._host, session, tree)
            record = state.assign(self._host, session, tree, live=True)
            state.start(session, record)
        else:
            record = state.assign(self._host, session, tree, live=True)
            record.active = True
            announce(session, record, c.VIR_NETWORK_EVENT_STARTED)
        return self._network(record)

    def _read_network(self, session: Session, xml: str, *, validate: bool) -> Any:
        """Return the tree of *xml*, with what the driver adds."""
        from virtkit.fake.network import definition, state, validation

        qemu = self._host.personality.guest_decides
        tree = definition.read(xml, options=qemu, validate=validate)
        if qemu:
            name = tree.findtext("name") or ""
            validation.complete(tree, state.bridges(self._host, session, but=name))
        return tree

    @connection_call("virNetworkLookupByName")
    def networkLookupByName(self, session: Session, name: str) -> virNetwork:
        record = by_name(self._host, session, name)
        if record is None:
            self._no_network(f"no network with matching name '{name}'")
        return self._network(record)

    @connection_call("virNetworkLookupByUUID")
    def networkLookupByUUID(self, session: Session, uuid: bytes) -> virNetwork:
        return self._network_by_uuid(session, str(UUID(bytes=bytes(uuid).ljust(16, b"\0")[:16])))

    @connection_call("virNetworkLookupByUUIDString")
    def networkLookupByUUIDString(self, session: Session, uuidstr: str) -> virNetwork:
        uuid = parse_uuid(uuidstr)
        if uuid is None:
            function = "virNetworkLookupByUUIDString"
            fail_argument(FROM, f"uuidstr in {function} must be a valid UUID", function, "uuidstr")
        return self._network_by_uuid(session, uuid)

    def _network_by_uuid(self, session: Session, uuid: str) -> virNetwork:
        networks(self._host, session)
        record = session.object(NetworkRecord, uuid)
        if record is None:
            self._no_network(f"no network with matching uuid '{uuid}'")
        return self._network(record)

    def _no_network(self, detail: str) -> NoReturn:
        personality = self._host.personality
        fail(c.VIR_ERR_NO_NETWORK, FROM if personality.guest_decides else personality.source, detail)

    @connection_call("virConnectListAllNetworks")
    def listAllNetworks(self, session: Session, flags: int = 0) -> list[virNetwork]:
        return [
            self._network(record) for record in networks(self._host, session) if _is_listed(record, flags)
        ]

    def _names(self, session: Session, *, active: bool) -> list[str]:
        return [record.name for record in networks(self._host, session) if record.active == active]

    @connection_call("virConnectListNetworks")
    def listNetworks(self, session: Session) -> list[str]:
        return self._names(session, active=True)

    @connection_call("virConnectListDefinedNetworks")
    def listDefinedNetworks(self, session: Session) -> list[str]:
        return self._names(session, active=False)

    @connection_call("virConnectNumOfNetworks")
    def numOfNetworks(self, session: Session) -> int:
        return len(self._names(session, active=True))

    @connection_call("virConnectNumOfDefinedNetworks")
    def numOfDefinedNetworks(self, session: Session) -> int:
        return len(self._names(session, active=False))

    @connection_call("virConnectNetworkEventRegisterAny")
    def networkEventRegisterAny(
        self, session: Session, net: virNetwork | None, eventID: int, cb: Callable[..., Any], opaque: Any
    ) -> int:
        if not 0 <= eventID <= c.VIR_NETWORK_EVENT_ID_LIFECYCLE:
            from virtkit.fake.errors import fail_silently

            fail_silently("virConnectNetworkEventRegisterAny")
        key = None if net is None else net._o.key  # noqa: SLF001
        return self._events.register(eventID, key, cb, opaque, family="network")

    @connection_call("virConnectNetworkEventDeregisterAny")
    def networkEventDeregisterAny(self, session: Session, callbackID: int) -> None:
        self._events.deregister(callbackID)
