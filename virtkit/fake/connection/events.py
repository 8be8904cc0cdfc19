"""virConnect: registering for domain events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import gate
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail_silently

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.domain import virDomain

_EVENTS = c.VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE + 1


class Events(ConnectionBase):
    """domainEventRegisterAny and its kin."""

    def _ready(self, function: str, name: str | None = None) -> None:
        if not self._open:
            self._closed(function)
        self._check_alive()
        if name is not None and self._host.faults:
            self._host.faults.meet(function, name, connection=self)

    def domainEventRegisterAny(
        self, dom: virDomain | None, eventID: int, cb: Callable[..., Any], opaque: Any
    ) -> int:
        self._ready("virConnectDomainEventRegisterAny", "domainEventRegisterAny")
        if not 0 <= eventID < _EVENTS:  # libvirt-python knows no callback for it
            fail_silently("virConnectDomainEventRegisterAny")
        return self._events.register(eventID, None if dom is None else dom._o.uuid, cb, opaque)  # noqa: SLF001

    def domainEventDeregisterAny(self, callbackID: int) -> None:
        function = "virConnectDomainEventDeregisterAny"
        self._ready(function)
        gate(self, function, "domainEventDeregisterAny", write=False, callbackID=callbackID)
        self._events.deregister(callbackID)

    def domainEventRegister(self, cb: Callable[..., Any], opaque: Any) -> None:
        self._ready("virConnectDomainEventRegister", "domainEventRegister")
        self._events.register_old(cb, opaque)

    def domainEventDeregister(self, cb: Callable[..., Any]) -> None:
        self._ready("virConnectDomainEventDeregister", "domainEventDeregister")
        self._events.deregister_old(cb)
