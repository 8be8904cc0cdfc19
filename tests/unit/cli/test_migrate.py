"""``virtkit domain migrate``, and how its progress is shown."""

import argparse
import io

import pytest
from pytest_mock import MockerFixture

import virtkit
from tests.unit.cli.conftest import URI, Cli
from virtkit.cli.command import Call
from virtkit.cli.progress import Progress

AWAY = "fake:///cli-away"


@pytest.fixture
def running(held: virtkit.clock.VirtualClock, web1: virtkit.Domain) -> virtkit.Domain:
    """A domain that runs, on a clock that is held."""
    web1.start()
    return web1


def test_it_is_there_and_no_longer_here(cli: Cli, plain: Cli, running: virtkit.Domain) -> None:
    """And goes on running."""
    code, out, err = cli("domain", "migrate", running.name, AWAY)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith(f"web1: running (migrated) on {AWAY}, ")
    assert cli("domain", "list", "--names").out == ""
    assert plain("-c", AWAY, "domain", "list", "--names").out == "web1\n"


def test_json_has_the_figures(cli: Cli, running: virtkit.Domain) -> None:
    """Seconds and bytes, and no line of progress."""
    found = cli("--json", "domain", "migrate", running.name, AWAY, "--name", "web2").json
    assert (found["name"], found["uuid"], found["state"]) == ("web2", running.uuid, "running")
    assert (found["source"], found["destination"]) == (URI, AWAY)
    assert found["total_time"] > 0
    assert found["storage"] == "shared"


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["web9", AWAY], 3, "web9"),
        (["web1", URI], 1, "is the host that it is on"),
        (["web1", "fake:///no/such/folder/x.db"], 5, "/no/such/folder"),
    ],
)
def test_what_cannot_be_is_refused(
    words: list[str], code: int, text: str, cli: Cli, running: virtkit.Domain
) -> None:
    """And the guest runs on."""
    found = cli("domain", "migrate", *words)
    assert found.code == code
    assert text in found.err
    assert running.status().running


def test_a_failure_says_where_the_guest_is(cli: Cli, running: virtkit.Domain) -> None:
    """In words, and as ``outcome`` in JSON."""
    virtkit.connect(AWAY).close()
    virtkit.fake.host(AWAY).unreachable = True
    found = cli("--json", "domain", "migrate", running.name, AWAY)
    assert found.code == 1
    assert found.json["error"]["type"] == "MigrationError"
    assert found.json["error"]["outcome"] == "still_on_source"
    assert running.status().running


def progress(fraction: float) -> virtkit.MigrationProgress:
    """A migration of 100 MiB at one moment."""
    total = 100 * 2**20
    return virtkit.MigrationProgress(2.0, total, int(total * fraction), int(total * (1 - fraction)))


def call(*, json: bool) -> Call:
    return Call(argparse.Namespace(json=json, verbose=False, connect=None))


def test_progress_is_a_line_now_and_then(
    held: virtkit.clock.VirtualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody watches: one in five seconds, on stderr, and none for what is over by then."""
    with Progress(call(json=False), "web1") as shown:
        for step in range(8):
            shown(progress(step / 10))
            assert bool(capsys.readouterr().err) == (step == 4)
            held.advance(1.25)
        shown(progress(0.9))
    assert capsys.readouterr() == ("", "virtkit: web1: 90%, 10 MiB left, 2.0 s so far\n")


def test_progress_is_a_bar_on_a_terminal(mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same words beside it, and no other figures."""
    monkeypatch.setenv("TERM", "xterm")
    terminal = io.StringIO()
    mocker.patch.object(terminal, "isatty", return_value=True)
    mocker.patch("sys.stderr", terminal)
    with Progress(call(json=False), "web1") as shown:
        shown(progress(0.4))
    assert "web1: 40%, 60 MiB left" in terminal.getvalue()
    assert terminal.getvalue().count("%") == terminal.getvalue().count("40%, ")


def test_json_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing but the document is on stdout."""
    with Progress(call(json=True), "web1") as shown:
        shown(progress(0.5))
    assert capsys.readouterr() == ("", "")


def test_bandwidth_has_a_unit(cli: Cli, running: virtkit.Domain) -> None:
    """A bare 10 would be ten bytes in a second."""
    code, out, err = cli("domain", "migrate", running.name, AWAY, "--bandwidth", "10")
    assert (code, out) == (2, "")
    assert "did you mean '10MiB'?" in err
    assert cli("domain", "migrate", running.name, AWAY, "--bandwidth", "10MiB").code == 0
