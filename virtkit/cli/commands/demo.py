"""``virtkit demo``."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from virtkit.cli import exits
from virtkit.cli.command import Result, command
from virtkit.cli.sources import add_variables, variables_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from virtkit.cli.command import Call
    from virtkit.cli.demo import Step
    from virtkit.host import Connection

FAKES = ("fake:///demo-a", "fake:///demo-b")
_ON_A_FAKE = """\
This is virtkit's fake libvirt: two hosts in this process's memory, no libvirt, no KVM, no guest.
On a real host: virtkit demo --connect URI [--migrate-to URI]
"""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--migrate-to", metavar="URI", help="another host, to migrate to and back")
    parser.add_argument("--name", default="virtkit-demo", help="of the domain (default: virtkit-demo)")
    parser.add_argument("--template", help="default: linux if there is a kernel, else minimal")
    parser.add_argument("--kernel", metavar="FILE", help="a kernel on the host, which the guest boots")
    parser.add_argument("--initrd", metavar="FILE", help="its initial file system")
    parser.add_argument("--cmdline", metavar="WORDS", help="its arguments")
    parser.add_argument("--save-path", metavar="FILE", help="where 'save' writes (default: in /var/tmp)")
    add_variables(parser)


@command(
    "virtkit demo",
    "virtkit demo --connect test:///default",
    "virtkit demo --connect qemu+tcp://host1/system --migrate-to qemu+tcp://host2/system \\\n"
    "      --kernel /boot/vmlinuz --initrd /boot/initrd.img",
    arguments=_arguments,
)
def demo(call: Call) -> Result:
    """Take a domain through its life, on two fake hosts that need no libvirt and no KVM, or on a real one.

    It renders a template, defines, starts, suspends, resumes, saves, restores, migrates, stops and deletes.

    Each step is a line with its time and the state read back from libvirt. What a driver does not have is
    skipped. If a step fails, what was made is removed, and the exit code is 1.

    JSON: uri, migrate_to, fake, name, xml, ok, error (if not ok),
    steps [{name, outcome, seconds, state, detail, uri}].
    """
    from virtkit.cli.demo import run
    from virtkit.cli.progress import Progress
    from virtkit.errors import VirtkitError

    args = call.args
    if args.migrate_to and not args.connect:
        raise exits.UsageError("--migrate-to goes with --connect")
    uri, other = (args.connect, args.migrate_to) if args.connect else FAKES
    fake = uri.startswith("fake:")
    data: dict[str, Any] = {"uri": uri, "migrate_to": other, "fake": fake, "name": args.name, "xml": None}
    steps: list[Step] = []
    progress = Progress(call, "migration")

    def tell(step: Step, _domain: object) -> None:
        progress.close()
        steps.append(step)
        call.say(line_of(step))

    def show(xml: str) -> None:
        data["xml"] = xml
        _show_xml(call, xml)

    if not args.connect:
        call.say(_ON_A_FAKE)
    with ExitStack() as stack:
        stack.callback(progress.close)
        host = stack.enter_context(call.connect(uri))
        away = stack.enter_context(call.connect(other)) if other else None
        try:
            run(
                host,
                lambda: _render(args, host),
                migrate_to=away,
                save_path=args.save_path,
                on_step=tell,
                on_xml=show,
                on_progress=progress if call.on_terminal else None,
            )
        except VirtkitError as error:
            call.trace(error)
            for line in exits.lines_of(error):
                call.complain(line)
            data["error"] = exits.as_json(error)
    ok = "error" not in data
    data.update(ok=ok, steps=[step._asdict() for step in steps])
    return Result(data, _end(steps) if ok else "", code=exits.OK if ok else exits.FAILED)


def _render(args: Namespace, host: Connection) -> str:
    from virtkit.rendering import render

    template = args.template or ("linux" if args.kernel else "minimal")
    variables: dict[str, Any] = {"name": args.name, "memory": "256MiB"}
    if args.kernel:
        variables |= {"kernel": args.kernel, "initrd": args.initrd, "cmdline": args.cmdline, "network": None}
    variables |= variables_of(args)
    return render(template, templates=args.templates or None, host=host.capabilities(), **variables)


def _show_xml(call: Call, xml: str) -> None:
    if not call.on_terminal:
        call.say(xml)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(xml, "xml", background_color="default", word_wrap=True))


def line_of(step: Step) -> str:
    """Return the line of a step: name, time, the state that libvirt told, and what else is worth saying."""
    time = f"{step.seconds * 1000:7.1f} ms"
    if step.outcome == "skipped":
        return f"{step.name:<13} {'':>10}  {step.detail}"
    text = f"{step.name:<13} {time}  {'FAILED' if step.outcome == 'failed' else step.state or ''}"
    return f"{text:<50} {step.detail}".rstrip() if step.outcome == "ok" else text


def _end(steps: list[Step]) -> str:
    skipped = sum(step.outcome == "skipped" for step in steps)
    seconds = sum(step.seconds for step in steps)
    missing = f", {skipped} not supported by this driver" if skipped else ""
    return f"\n{len(steps) - skipped} steps in {seconds:.1f} s{missing}; everything is removed again."


COMMANDS = {"demo": demo}
