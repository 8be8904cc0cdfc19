"""virDomain: devices that come, go and change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.documents import Documents
from virtkit.fake.due import happens

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, Due
    from virtkit.fake.store.session import Session

F = TypeVar("F", bound="Callable[..., Any]")
_LIVE, _CONFIG = c.VIR_DOMAIN_AFFECT_LIVE, c.VIR_DOMAIN_AFFECT_CONFIG


def _waits(method: F) -> F:
    """Have a method wait for the guest's answer, as long as the driver does."""

    @wraps(method)
    def call(self: Devices, /, *args: Any, **kwargs: Any) -> Any:
        self._answer = 0.0
        result = method(self, *args, **kwargs)
        if self._answer:
            self._await_answer(self._answer)
        return result

    call.__signature__ = method.__signature__  # type: ignore[attr-defined]
    return call  # type: ignore[return-value]


@happens("unplug")
def _unplug(host: Host, session: Session, due: Due) -> None:
    from virtkit.fake.hotplug import removal

    removal.answer(host, session, due)


class Devices(Documents):
    """attachDevice, detachDevice, updateDevice."""

    _answer = 0.0  # after how many seconds the guest says whether it lets go of a device
    _alias = ""  # which

    @domain_call("virDomainAttachDevice")
    def attachDevice(self, session: Session, record: DomainRecord, xml: str) -> int:
        self._attach(session, record, xml, _LIVE)
        return 0

    @domain_call("virDomainAttachDeviceFlags")
    def attachDeviceFlags(self, session: Session, record: DomainRecord, xml: str, flags: int = 0) -> int:
        self._attach(session, record, xml, flags)
        return 0

    def _attach(self, session: Session, record: DomainRecord, xml: str, flags: int) -> None:
        from virtkit.fake import hotplug

        live, config = self._sides(record, flags)
        self._flags(flags, _LIVE | _CONFIG, "AttachDeviceLiveAndConfig")
        hotplug.attach(self._host, session, record, xml, live=live, config=config)

    @_waits
    @domain_call("virDomainDetachDevice")
    def detachDevice(self, session: Session, record: DomainRecord, xml: str) -> int:
        self._detach(session, record, xml, _LIVE)
        return 0

    @_waits
    @domain_call("virDomainDetachDeviceFlags")
    def detachDeviceFlags(self, session: Session, record: DomainRecord, xml: str, flags: int = 0) -> int:
        self._detach(session, record, xml, flags)
        return 0

    def _detach(self, session: Session, record: DomainRecord, xml: str, flags: int) -> None:
        from virtkit.fake import hotplug

        live, config = self._sides(record, flags)
        self._flags(flags, _LIVE | _CONFIG, "DetachDeviceLiveAndConfig")
        self._answer = hotplug.detach(self._host, session, record, xml, live=live, config=config)

    def _await_answer(self, seconds: float) -> None:
        from virtkit.fake.hotplug import removal

        clock.current().sleep(min(seconds, removal.PATIENCE))
        self._host.settle()

    @domain_call("virDomainDetachDeviceAlias")
    def detachDeviceAlias(self, session: Session, record: DomainRecord, alias: str, flags: int = 0) -> int:
        from virtkit.fake import hotplug

        live, config = self._sides(record, flags)
        self._flags(flags, _LIVE | _CONFIG, "DetachDeviceAliasLiveAndConfig")
        hotplug.detach_alias(self._host, session, record, alias, live=live, config=config)
        return 0

    @domain_call("virDomainUpdateDeviceFlags")
    def updateDeviceFlags(self, session: Session, record: DomainRecord, xml: str, flags: int = 0) -> int:
        from virtkit.fake import hotplug

        live, config = self._sides(record, flags)
        hotplug.update(self._host, session, record, xml, live=live, config=config)
        return 0
