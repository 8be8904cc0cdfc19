"""virDomain: what libvirt asks the guest agent."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain import testanswers, testguest
from virtkit.fake.domain.asking import Asking, agent_call, disk_target
from virtkit.fake.publicchecks import moment

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Agent(Asking):
    """Filesystems, time, accounts, and what else the guest tells of itself."""

    @domain_call("virDomainAgentSetResponseTimeout")
    def agentSetResponseTimeout(
        self, session: Session, record: DomainRecord, timeout: int, flags: int = 0
    ) -> int:
        self._check_timeout(timeout)
        record.extra["agent timeout"] = timeout
        return 0

    @agent_call("virDomainFSFreeze")
    def fsFreeze(
        self, session: Session, record: DomainRecord, mountpoints: list[str] | None = None, flags: int = 0
    ) -> int:
        self._active(record)
        if not self._host.personality.guest_decides:
            return testguest.freeze(record, mountpoints, frozen=True)
        if mountpoints:
            found = self._ask(session, record, "guest-fsfreeze-freeze-list", mountpoints=mountpoints)
        else:
            found = self._ask(session, record, "guest-fsfreeze-freeze")
        return int(found)

    @agent_call("virDomainFSThaw")
    def fsThaw(
        self, session: Session, record: DomainRecord, mountpoints: list[str] | None = None, flags: int = 0
    ) -> int:
        if not self._host.personality.guest_decides:
            self._active(record)
            return testguest.freeze(record, mountpoints, frozen=False)
        if isinstance(mountpoints, list):
            self._refuse("specifying mountpoints is not supported", c.VIR_ERR_ARGUMENT_UNSUPPORTED)
        self._active(record)
        return int(self._ask(session, record, "guest-fsfreeze-thaw"))

    @agent_call("virDomainFSTrim")
    def fSTrim(
        self, session: Session, record: DomainRecord, mountPoint: str | None, minimum: int, flags: int = 0
    ) -> int:
        if self._host.personality.guest_decides:
            if mountPoint is not None:
                message = "Specifying mount point is not supported for now"
                self._refuse(message, c.VIR_ERR_ARGUMENT_UNSUPPORTED)
            self._ask(session, record, "guest-fstrim", minimum=minimum)
            return 0
        self._active(record)
        if mountPoint is not None:
            testguest.check_place(mountPoint)
        return 0

    @agent_call("virDomainGetFSInfo")
    def fsInfo(self, session: Session, record: DomainRecord, flags: int = 0) -> list[Any]:
        self._active(record)
        if not self._host.personality.guest_decides:
            return testguest.filesystems(record)
        found = self._ask(session, record, "guest-get-fsinfo")
        return [
            (fs["mountpoint"], fs["name"], fs["type"], [disk_target(disk["dev"]) for disk in fs["disk"]])
            for fs in reversed(found)
        ]

    @agent_call("virDomainGetTime")
    def getTime(self, session: Session, record: DomainRecord, flags: int = 0) -> dict[str, int]:
        if not self._host.personality.guest_decides:
            if record.state != c.VIR_DOMAIN_RUNNING:
                self._refuse("domain is not running")
            return testanswers.time_of(record)
        self._active(record)
        now = self._ask(session, record, "guest-get-time")
        return {"seconds": now // 10**9, "nseconds": now % 10**9}

    @agent_call("virDomainSetTime")
    def setTime(self, session: Session, record: DomainRecord, time: Any = None, flags: int = 0) -> int:
        seconds, nseconds = moment(time, flags)
        if not record.active and self._host.personality.guest_decides:  # nobody has asked its QEMU yet
            message = "cannot set time: qemu doesn't support rtc-reset-reinjection command"
            self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        self._active(record)
        if not self._host.personality.guest_decides:
            record.extra["time"] = [seconds, nseconds]
        elif flags & c.VIR_DOMAIN_TIME_SYNC:
            self._ask(session, record, "guest-set-time")
        else:
            self._agent_there(record)
            if seconds > (2**63 - 1) // 10**9:
                self._refuse(f"Time '{seconds}' is too big for guest agent", c.VIR_ERR_INVALID_ARG)
            self._ask(session, record, "guest-set-time", time=seconds * 10**9 + nseconds)
        return 0

    @agent_call("virDomainSetUserPassword")
    def setUserPassword(
        self, session: Session, record: DomainRecord, user: str, password: str, flags: int = 0
    ) -> int:
        self._active(record)
        if self._host.personality.guest_decides:
            crypted = bool(flags & c.VIR_DOMAIN_PASSWORD_ENCRYPTED)
            text = base64.b64encode(password.encode()).decode()
            command = "guest-set-user-password"
            self._ask(session, record, command, crypted=crypted, username=user, password=text)
        return 0

    @agent_call("virDomainAuthorizedSSHKeysGet")
    def authorizedSSHKeysGet(
        self, session: Session, record: DomainRecord, user: str, flags: int = 0
    ) -> list[str]:
        found: list[str] = self._ask(session, record, "guest-ssh-get-authorized-keys", username=user)["keys"]
        return found

    @agent_call("virDomainAuthorizedSSHKeysSet")
    def authorizedSSHKeysSet(
        self,
        session: Session,
        record: DomainRecord,
        user: str,
        keys: list[str] | None = None,
        flags: int = 0,
    ) -> int:
        if flags & c.VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE:
            self._ask(session, record, "guest-ssh-remove-authorized-keys", username=user, keys=keys or [])
        else:
            reset = not flags & c.VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND
            command = "guest-ssh-add-authorized-keys"
            self._ask(session, record, command, username=user, keys=keys or [], reset=reset)
        return 0
