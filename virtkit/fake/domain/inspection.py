"""virDomain: dumping, prodding and looking it over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import dumping, power
from virtkit.fake.call import domain_call
from virtkit.fake.domain import testanswers
from virtkit.fake.domain.documents import Documents
from virtkit.fake.domain.resources import with_text
from virtkit.fake.lasting import Lasting, lasts

if TYPE_CHECKING:
    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_ELEMENTS = ("on_poweroff", "on_reboot", "on_crash")
_TYPES = ("poweroff", "reboot", "crash")
_ACTIONS = ("destroy", "restart", "rename-restart", "preserve", "coredump-destroy", "coredump-restart")
_ONLY_AT_CRASH = _ACTIONS[4:]
_OFF = "domain is not running"


class Inspection(Documents):
    """coreDump, injectNMI, setLifecycleAction, diskErrors, messages, security."""

    def _active(self, record: DomainRecord) -> None:
        if not record.active:
            self._refuse(_OFF, source=c.VIR_FROM_DOMAIN)

    @lasts
    @domain_call("virDomainCoreDump")
    def coreDump(self, session: Session, record: DomainRecord, to: str, flags: int = 0) -> int | Lasting[int]:
        return self._dump(session, record, to, c.VIR_DOMAIN_CORE_DUMP_FORMAT_RAW, flags)

    @lasts
    @domain_call("virDomainCoreDumpWithFormat")
    def coreDumpWithFormat(
        self, session: Session, record: DomainRecord, to: str, dumpformat: int, flags: int = 0
    ) -> int | Lasting[int]:
        return self._dump(session, record, to, dumpformat, flags)

    def _dump(
        self, session: Session, record: DomainRecord, to: str, form: int, flags: int
    ) -> int | Lasting[int]:
        self._active(record)
        if self._host.personality.guest_decides:
            return dumping.dump(self._host, session, record, form, flags)
        testanswers.dump(self._o.name, os.path.abspath(to))  # noqa: PTH100
        if form != c.VIR_DOMAIN_CORE_DUMP_FORMAT_RAW:
            message = "kdump-compressed format is not supported here"
            self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        if flags & c.VIR_DUMP_CRASH:
            reason, detail = c.VIR_DOMAIN_SHUTOFF_CRASHED, c.VIR_DOMAIN_EVENT_STOPPED_CRASHED
            power.stop(self._host, session, record, reason, detail)
            self._o.id = -1
        return 0

    @domain_call("virDomainInjectNMI")
    def injectNMI(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._active(record)
        return 0

    def _fitting(self, type: int, action: int, flags: int = 0) -> None:
        if type in {0, 1} and _ACTIONS[action] in _ONLY_AT_CRASH:
            message = f"Lifecycle event '{_TYPES[type]}' doesn't support '{_ACTIONS[action]}' action"
            self._refuse(message, c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN)

    @domain_call("virDomainSetLifecycleAction", before="_fitting")
    def setLifecycleAction(
        self, session: Session, record: DomainRecord, type: int, action: int, flags: int = 0
    ) -> int:
        live, config = self._sides(record, flags)
        element, word = _ELEMENTS[type], _ACTIONS[action]
        if self._host.personality.guest_decides:
            for document in (record.live if live else None, record.config if config else None):
                if document is not None:
                    _check_action(document, element, word)
        if live and record.live is not None:
            record.live = with_text(record.live, element, word)
        if config and record.config is not None:
            record.config = with_text(record.config, element, word)
        return 0

    @domain_call("virDomainGetDiskErrors", write=False)
    def diskErrors(self, session: Session, record: DomainRecord, flags: int = 0) -> dict[str, int]:
        self._active(record)
        return {} if self._host.personality.guest_decides else testanswers.disk_errors(record)

    @domain_call("virDomainGetMessages", write=False)
    def messages(self, session: Session, record: DomainRecord, flags: int = 0) -> list[str]:
        return []

    @domain_call("virDomainGetSecurityLabel", write=False)
    def securityLabel(self, session: Session, record: DomainRecord) -> list[str | bool]:
        if record.active and not self._host.personality.guest_decides:
            return ["libvirt-test", True]
        return ["", False]

    @domain_call("virDomainGetLaunchSecurityInfo", write=False)
    def launchSecurityInfo(self, session: Session, record: DomainRecord, flags: int = 0) -> dict[str, object]:
        return {}


def _check_action(document: Document, element: str, word: str) -> None:
    from virtkit.fake.fill.checks.domain import check_actions

    actions = {tag: document.tree().findtext(tag) or "" for tag in _ELEMENTS}
    check_actions({**actions, element: word})
