"""What every command has in common: exit codes, one line for each error, JSON, Ctrl-C, pipes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

import virtkit
from tests.unit.cli.conftest import URI, Cli
from virtkit.cli import exits
from virtkit.errors import (
    BindingMissing,
    Denied,
    Disconnected,
    MigrationTimeout,
    NotFound,
    OperationTimeout,
    Problem,
    SpecError,
    VirtkitError,
    WaitTimeout,
    WrongState,
)


@pytest.mark.parametrize("words", [["--version"], ["--json", "--version"]])
def test_the_version_is_the_package_s(words: list[str], plain: Cli) -> None:
    """With and without a parser."""
    assert plain(*words) == (0, f"virtkit {virtkit.__version__}\n", "")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (VirtkitError("no"), 1),
        (WrongState("no"), 1),
        (Denied("no"), 1),
        (exits.UsageError("no"), 2),
        (NotFound("no"), 3),
        (FileNotFoundError("no"), 3),
        (WaitTimeout("no"), 4),
        (OperationTimeout("no"), 4),
        (MigrationTimeout("no", outcome="still_on_source"), 4),
        (Disconnected("no"), 5),
        (BindingMissing("no"), 5),
        (exits.NoConnection(), 5),
        (KeyboardInterrupt(), 130),
        (RuntimeError("no"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: BaseException, code: int) -> None:
    """0 ok, 1 failed, 2 usage, 3 not found, 4 timeout, 5 connection, 130 Ctrl-C."""
    assert exits.code_of(error) == code


def test_an_error_is_one_line(cli: Cli) -> None:
    """No traceback, and the message names object and connection."""
    code, out, err = cli("domain", "show", "web9")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith("virtkit: ")
    assert "'web9'" in err
    assert URI in err


def test_verbose_shows_the_traceback_as_well(cli: Cli) -> None:
    """With -v, before or after the verb."""
    assert "Traceback" in cli("-v", "domain", "show", "web9").err
    assert "Traceback" in cli("domain", "show", "web9", "-v").err


def test_each_problem_of_a_spec_is_a_line(cli: Cli, tmp_path: Path) -> None:
    """All problems at once, each where a person finds it."""
    spec = tmp_path / "web1.yaml"
    spec.write_text("name: web1\nmemory: 1GiB\nvcpu: 2\ndisk: no\n")
    code, _, err = cli("domain", "define", str(spec))
    assert code == 1
    assert len(err.splitlines()) == 2
    assert all(line.startswith("virtkit: ") for line in err.splitlines())


def test_a_message_of_several_lines_becomes_one() -> None:
    """libvirt shows XML errors with a caret below."""
    assert exits.lines_of(VirtkitError("first\n   second\n ----^")) == ["first second ----^"]


def test_what_ctrl_c_left_is_said() -> None:
    """The library notes where a guest is whose migration was ended."""
    interruption = KeyboardInterrupt()
    interruption.add_note("it is on fake:///cli as before")
    assert exits.lines_of(interruption) == ["interrupted: it is on fake:///cli as before"]


def test_an_unexpected_error_says_its_type() -> None:
    """A bug is not dressed up as something else."""
    assert exits.lines_of(RuntimeError("boom")) == ["RuntimeError: boom"]


def test_json_reports_errors_too(cli: Cli) -> None:
    """stdout holds one JSON document even then; the line on stderr stays."""
    found = cli("--json", "domain", "show", "web9")
    assert found.code == 3
    assert found.err
    error = found.json["error"]
    assert error["type"] == "NotFound"
    assert error["name"] == "web9"
    assert error["uri"] == URI
    assert error["exit"] == 3


def test_json_lists_the_problems_of_a_spec() -> None:
    """With path and line each."""
    error = SpecError([Problem("memory", "missing"), Problem("vcpus", "not a number", 3)])
    assert exits.as_json(error)["problems"] == [
        {"path": "memory", "message": "missing", "line": None},
        {"path": "vcpus", "message": "not a number", "line": 3},
    ]


@pytest.mark.parametrize(
    "words",
    [[], ["domain"], ["domain", "dance"], ["domain", "start"], ["domain", "start", "--hard", "x"], ["--x"]],
)
def test_a_wrong_command_line_is_one_line_and_exit_code_2(words: list[str], plain: Cli) -> None:
    """It says which help to read."""
    code, out, err = plain(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--help" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["domian"],
            "argument COMMAND: invalid choice: 'domian'; did you mean 'domain'? (see 'virtkit --help')",
        ),
        (["domain", "strat"], "'strat'; did you mean 'start'? (see 'virtkit domain --help')"),
        (
            ["domain", "list", "--state", "runing"],
            "did you mean 'running'? (see 'virtkit domain list --help')",
        ),
        (["domain", "list", "--stat", "off"], "arguments: --stat off (see 'virtkit domain list --help')"),
        (["domain", "qqq"], "(choose from "),
        (["-c", "", "domain", "list"], "argument -c/--connect: the URI is empty"),
        (["domain", "list", "-c", " "], "argument -c/--connect: the URI is empty"),
        (["domain", "stop", "web1", "--timeout", "-1"], "argument --timeout: '-1' is no number of seconds"),
        (["domain", "wait", "web1", "--timeout", "nan"], "'nan' is no number of seconds"),
        (["domain", "delete", "web1", "--timeout", "soon"], "'soon' is no number of seconds"),
    ],
)
def test_a_word_that_is_nearly_right(words: list[str], said: str, plain: Cli) -> None:
    """What may have been meant is named, and the help of the command that was called."""
    assert said in plain(*words).err


def test_options_stand_before_or_after_the_verb(plain: Cli, web1: virtkit.Domain) -> None:
    """What is given last counts; what is given first is not forgotten."""
    before = plain("-c", URI, "--json", "domain", "list")
    after = plain("-c", "fake:///other", "domain", "list", "-c", URI, "--json")
    assert before.json == after.json
    assert before.json[0]["name"] == web1.name


def test_the_environment_names_the_connection(
    plain: Cli, monkeypatch: pytest.MonkeyPatch, web1: virtkit.Domain
) -> None:
    """VIRTKIT_URI, as in the library."""
    monkeypatch.setenv("VIRTKIT_URI", URI)
    assert plain("domain", "list", "--names").out == f"{web1.name}\n"


def test_a_connection_that_cannot_be_opened_is_exit_code_5(plain: Cli, mocker: MockerFixture) -> None:
    """Also where the reason is a right that is missing: nothing was asked of a domain yet."""
    mocker.patch("virtkit.host.connect", side_effect=Denied("not you", uri="qemu:///system"))
    code, _, err = plain("domain", "list")
    assert code == 5
    assert err == "virtkit: qemu:///system: not you\n"


def test_ctrl_c_is_130(cli: Cli, web1: virtkit.Domain, mocker: MockerFixture) -> None:
    """As shells have it."""
    mocker.patch("virtkit.host.Domain.start", side_effect=KeyboardInterrupt)
    code, _, err = cli("domain", "start", web1.name)
    assert (code, err) == (130, "virtkit: interrupted\n")


def test_a_reader_that_leaves_is_no_error() -> None:
    """``virtkit ... | head -1`` says nothing, whatever is left to print."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "virtkit.cli", "template", "list"]
    with os.fdopen(writer, "w") as stdout:
        done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    "words", [["template", "list"], ["--json", "template", "list"], ["--version"], ["--help"]]
)
@pytest.mark.parametrize("kind", ["full", "closed"])
def test_output_that_cannot_be_written_is_one_line(words: list[str], kind: str) -> None:
    """A full disk, or a stdout that the shell closed: exit code 1, and no word of Python's."""
    where = {"full": ">/dev/full", "closed": ">&-"}[kind]
    typed = ["sh", "-c", f'exec "$@" {where}', "sh", sys.executable, "-m", "virtkit.cli", *words]
    done = subprocess.run(typed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith("virtkit: ")
    assert "stdout" in done.stderr


def test_names_that_the_terminal_cannot_show_are_escaped(tmp_path: Path) -> None:
    """An encoding without Chinese is no reason to fail."""
    code = (
        "import virtkit, sys; from virtkit.cli.main import main\n"
        f"virtkit.connect({URI!r}).domains.define(sys.stdin.read())\n"
        f"sys.exit(main(['-c', {URI!r}, 'domain', 'list', '--names']))"
    )
    xml = "<domain type='kvm'><name>&#x865A;</name><memory>1024</memory><os><type>hvm</type></os></domain>"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=xml,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stdout) == (0, "\\u865a\n"), done.stderr
