"""Every command explains itself, and can be copied from its help."""

import shlex
from collections.abc import Iterator

import pytest

from tests.unit.cli.conftest import Cli
from virtkit.cli.commands import COMMANDS, Entry, Group
from virtkit.cli.parser import build


def entries() -> Iterator[tuple[str, Entry]]:
    """Each command with the words that call it."""
    for each in COMMANDS:
        if isinstance(each, Group):
            yield from ((f"{each.name} {verb.name}", verb) for verb in each.verbs)
        else:
            yield each.name, each


ENTRIES = dict(entries())


@pytest.mark.parametrize("words", ENTRIES)
def test_every_command_has_help(words: str, plain: Cli) -> None:
    """A line in the list, a description, and examples."""
    code, out, err = plain(*words.split(), "--help")
    command = ENTRIES[words].load()
    assert (code, err) == (0, "")
    assert ENTRIES[words].help
    assert command.description.splitlines()[0] in out
    assert command.epilog in out
    assert max(map(len, command.description.splitlines())) <= 110


@pytest.mark.parametrize("words", ENTRIES)
def test_every_option_has_help(words: str) -> None:
    """No argument is left without a word."""
    parser = build()
    for word in words.split():
        choices = [action.choices for action in parser._actions if action.choices and word in action.choices]
        parser = choices[0][word].make()  # type: ignore[index]
    assert not [action.dest for action in parser._actions if not action.help]


@pytest.mark.parametrize("words", ENTRIES)
def test_every_example_is_a_valid_command_line(words: str) -> None:
    """What the help shows can be typed: it parses, and calls that command."""
    command = ENTRIES[words].load()
    assert command.examples
    own = [
        build().parse_args(typed).command
        for example in command.examples
        if (typed := shlex.split(example.replace("\\\n", " ").split(" > ")[0])[1:])
    ]
    assert command in own


@pytest.mark.parametrize("words", [[], ["domain"], ["template"]])
def test_groups_list_their_commands(words: list[str], plain: Cli) -> None:
    """With a line for each."""
    code, out, _ = plain(*words, "--help")
    assert code == 0
    listed = [name for name in ENTRIES if name.split()[: len(words)] == words]
    for name in listed:
        assert f"    {name.split()[len(words)]}" in out
