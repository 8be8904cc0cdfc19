"""virDomain: what libvirt_qemu does with one."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.asking import Asking, agent_call
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

HUMAN = 1  # VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP
_number = itertools.count(1)


class Monitor(Asking):
    """Commands passed through, to the agent and to the monitor."""

    @agent_call("virDomainQemuAgentCommand")
    def _qemu_agent_command(
        self, session: Session, record: DomainRecord, cmd: str, timeout: int, flags: int = 0
    ) -> str:
        self._flags(flags, 0, "QemuAgentCommand")
        self._active(record)
        self._agent_there(record)
        self._check_timeout(timeout)
        request = _parsed(cmd)
        record.tainted = True
        reply = self._talk(session, record, request, timeout)
        if reply is None:
            message = "Guest agent disappeared while executing command"
            self._refuse(message, c.VIR_ERR_AGENT_UNRESPONSIVE)
        return json.dumps(reply, separators=(",", ":"))

    @domain_call("virDomainQemuMonitorCommand")
    def _qemu_monitor_command(self, session: Session, record: DomainRecord, cmd: str, flags: int = 0) -> str:
        from virtkit.fake.monitor import human, reply

        self._flags(flags, HUMAN, "QemuMonitorCommandWithFiles")
        self._active(record)
        request = None if flags & HUMAN else _parsed(cmd)
        record.tainted = True
        if flags & HUMAN:
            return human(self._host, session, record, cmd)
        if isinstance(request, dict) and "id" in request:
            self._refuse("Unable to append command 'id' string", c.VIR_ERR_INTERNAL_ERROR)
        answer = reply(self._host, session, record, request)
        if isinstance(request, dict) and request:
            tag = {"id": f"libvirt-{next(_number)}"}
            answer = {**answer, **tag} if "return" in answer else {**tag, **answer}
        return json.dumps(answer, separators=(",", ":"))


def _parsed(text: str) -> Any:
    if text is None:
        fail(c.VIR_ERR_RPC, c.VIR_FROM_RPC, "Unable to encode message payload")
    try:
        return json.loads(text)
    except ValueError:
        mark = "                     (right here) ------^\n"
        message = f"cannot parse json {text}: lexical error: invalid char in json text."
        shown = f"{message}\n{' ' * 39}{text[:30]}\n{mark}"
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, shown)
