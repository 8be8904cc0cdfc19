"""The monitor's common commands, in JSON (QMP) and for people (HMP)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.guest import life, mishaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

    Command: TypeAlias = Callable[[Host, Session, DomainRecord], Any]

_PACKAGE = "Debian 1:7.2+dfsg-7+deb12u18+b3"
_VERSION = {"micro": 22, "minor": 2, "major": 7}
_WORDS = {
    c.VIR_DOMAIN_RUNNING: "running",
    c.VIR_DOMAIN_PMSUSPENDED: "suspended",
    c.VIR_DOMAIN_CRASHED: "guest-panicked",
}
_REASONS = {
    c.VIR_DOMAIN_PAUSED_IOERROR: "io-error",
    c.VIR_DOMAIN_PAUSED_WATCHDOG: "watchdog",
    c.VIR_DOMAIN_PAUSED_MIGRATION: "postmigrate",
}


class MonitorError(Exception):
    """The monitor's answer is an error."""

    def __init__(self, text: str, kind: str = "GenericError") -> None:
        super().__init__(text)
        self.kind = kind


def _word(record: DomainRecord) -> str:
    if record.state == c.VIR_DOMAIN_PAUSED:
        return _REASONS.get(record.reason, "paused")
    return _WORDS.get(record.state, "paused")


def _status(_host: Host, _session: Session, record: DomainRecord) -> dict[str, Any]:
    running = record.state == c.VIR_DOMAIN_RUNNING
    return {"status": _word(record), "singlestep": False, "running": running}


def _stop(host: Host, session: Session, record: DomainRecord) -> None:
    if record.state == c.VIR_DOMAIN_RUNNING:
        power.set_state(host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_UNKNOWN)
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED)


def _cont(host: Host, session: Session, record: DomainRecord) -> None:
    if record.state == c.VIR_DOMAIN_PAUSED:
        power.set_state(host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_UNPAUSED)
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED)
        life.expect_agent(host, session, record)


def _wake(host: Host, session: Session, record: DomainRecord) -> None:
    if record.state != c.VIR_DOMAIN_PMSUSPENDED:
        raise MonitorError("Unable to wake up: guest is not in suspended state")
    mishaps.wake(host, session, record)


def _quit(host: Host, session: Session, record: DomainRecord) -> None:
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SHUTDOWN, c.VIR_DOMAIN_EVENT_SHUTDOWN_HOST)
    power.stop(host, session, record, c.VIR_DOMAIN_SHUTOFF_SHUTDOWN, c.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN)


def _cpus(_host: Host, _session: Session, record: DomainRecord) -> list[dict[str, Any]]:
    return [
        {
            "thread-id": 1000 * record.id + number,
            "props": {"core-id": 0, "thread-id": 0, "socket-id": number},
            "qom-path": f"/machine/unattached/device[{2 * number}]",
            "cpu-index": number,
            "target": "x86_64",
        }
        for number in range(record.vcpus)
    ]


def _nothing(_host: Host, _session: Session, _record: DomainRecord) -> None:
    """Do nothing that could be seen."""


QMP: dict[str, Command] = {
    "query-status": _status,
    "query-version": lambda _h, _s, _r: {"qemu": _VERSION, "package": _PACKAGE},
    "query-name": lambda _h, _s, record: {"name": record.name},
    "query-uuid": lambda _h, _s, record: {"UUID": record.uuid},
    "query-kvm": lambda _h, _s, record: {"enabled": record.facts.kind == "kvm", "present": True},
    "query-balloon": lambda _h, _s, record: {"actual": record.balloon * 1024},
    "query-cpus-fast": _cpus,
    "query-commands": lambda _h, _s, _r: [{"name": name} for name in QMP],
    "stop": _stop,
    "cont": _cont,
    "quit": _quit,
    "inject-nmi": _nothing,
    "system_powerdown": life.press_power_button,
    "system_reset": life.restart,
    "system_wakeup": _wake,
}


def _info_cpus(host: Host, session: Session, record: DomainRecord) -> str:
    lines = [f"CPU #{cpu['cpu-index']}: thread_id={cpu['thread-id']}" for cpu in _cpus(host, session, record)]
    return "\n".join(f"{'  ' if number else '* '}{line}" for number, line in enumerate(lines)) + "\n"


def _info_kvm(_host: Host, _session: Session, record: DomainRecord) -> str:
    return f"kvm support: {'enabled' if record.facts.kind == 'kvm' else 'disabled'}\n"


def _info_status(_host: Host, _session: Session, record: DomainRecord) -> str:
    word = _word(record)
    return f"VM status: {word if word in {'running', 'paused'} else f'paused ({word})'}\n"


_HUMAN: dict[str, Command] = {
    "info status": _info_status,
    "info version": lambda _h, _s, _r: f"7.2.22{_PACKAGE}\n",
    "info name": lambda _h, _s, record: f"{record.name}\n",
    "info uuid": lambda _h, _s, record: f"{record.uuid}\n",
    "info kvm": _info_kvm,
    "info balloon": lambda _h, _s, record: f"balloon: actual={record.balloon // 1024}\n",
    "info cpus": _info_cpus,
    "stop": _stop,
    "cont": _cont,
    "quit": _quit,
    "nmi": _nothing,
    "system_powerdown": life.press_power_button,
    "system_reset": life.restart,
    "system_wakeup": _wake,
}


def human(host: Host, session: Session, record: DomainRecord, line: str) -> str:
    """Return what the monitor says to *line*, with its line ends."""
    command = _HUMAN.get(" ".join(line.split()))
    if command is None:
        return f"unknown command: '{line}'\r\n"
    try:
        said = command(host, session, record)
    except MonitorError as error:
        said = f"Error: {error}\n"
    return str(said or "").replace("\n", "\r\n")


def reply(host: Host, session: Session, record: DomainRecord, request: Any) -> dict[str, Any]:
    """Return the monitor's reply to the JSON *request*."""
    try:
        return {"return": _result(host, session, record, request)}
    except MonitorError as error:
        return {"error": {"class": error.kind, "desc": str(error)}}


def _result(host: Host, session: Session, record: DomainRecord, request: Any) -> Any:
    if not isinstance(request, dict):
        raise MonitorError("QMP input must be a JSON object")
    if "execute" not in request:
        raise MonitorError("QMP input lacks member 'execute'")
    name, arguments = request["execute"], request.get("arguments", {})
    if name == "human-monitor-command":
        return human(host, session, record, str(arguments.get("command-line", "")))
    if name not in QMP:
        raise MonitorError(f"The command {name} has not been found", "CommandNotFound")
    for key in arguments:
        raise MonitorError(f"Parameter '{key}' is unexpected")
    result = QMP[name](host, session, record)
    return {} if result is None else result
