"""``virtkit doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.cli import exits
from virtkit.cli.command import Result, command

if TYPE_CHECKING:
    from virtkit.cli.command import Call
    from virtkit.cli.doctor import Finding


@command("virtkit doctor", "virtkit -c qemu+ssh://host/system doctor", "virtkit --json doctor")
def doctor(call: Call) -> Result:
    """Look at all that stands between this Python and the guests of the connection. Nothing is changed.

    Interpreter, libraries, libvirt's bindings and daemon, rights, KVM, schemas, default network and pool:
    what is missing comes with what to do about it.

    Exit code 1: there is a blocker. JSON: ok, findings [{check, level, message, remedy}], where level is ok,
    note, warning or blocker.
    """
    from virtkit.cli.doctor import examine

    findings = []
    for finding in examine(call.args.connect):
        call.say(_line(finding))
        findings.append(finding)
    blocked = any(finding.level == "blocker" for finding in findings)
    data = {"ok": not blocked, "findings": [finding._asdict() for finding in findings]}
    return Result(data, code=exits.FAILED if blocked else exits.OK)


def _line(finding: Finding) -> str:
    text = f"{finding.level:<8} {finding.check}: {finding.message}"
    return f"{text}\n{'':<8} -> {finding.remedy}" if finding.remedy else text


COMMANDS = {"doctor": doctor}
