"""No difference shows a secret: not in its values, nor in its path, nor as part of a missing element."""

from __future__ import annotations

import pytest

from virtkit import model

WORD = "hunter2"
QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
DOCUMENTS = {
    "console": "<domain><devices><graphics type='vnc' passwd='{}'/></devices></domain>",
    "cookie": "<domain><devices><disk type='network'><source protocol='https' name='x'>"
    "<cookies><cookie name='c'>{}</cookie></cookies></source><target dev='vda'/></disk></devices></domain>",
    "launch session": "<domain><launchSecurity type='sev'><session>{}</session></launchSecurity></domain>",
    "launch certificate": "<domain><launchSecurity type='sev'><dhCert>{}</dhCert></launchSecurity></domain>",
    "argument": f"<domain {QEMU}><qemu:commandline><qemu:arg value='-object'/>"
    "<qemu:arg value='secret,id=s,data={}'/></qemu:commandline></domain>",
    "environment": f"<domain {QEMU}><qemu:commandline><qemu:env name='DB_PASSWORD' value='{{}}'/>"
    "</qemu:commandline></domain>",
    "init's environment": "<domain><os><initenv name='API_KEY'>{}</initenv></os></domain>",
    "init's argument": "<domain><os><initarg>--token={}</initarg></os></domain>",
    "kernel": "<domain><os><cmdline>console=ttyS0 rd.password={}</cmdline></os></domain>",
    "pool, CHAP": "<pool type='iscsi'><source><auth type='chap' login='me' passwd='{}'/></source></pool>",
    "secret": "<secret><value>{}</value></secret>",
    "encryption": "<volume><encryption><secret><value>{}</value></secret></encryption></volume>",
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_secret_is_hidden(document: str) -> None:
    """Whether it differs, is missing, or its whole element is; on either side."""
    wanted = document.format(WORD).replace("{}", WORD)
    root = wanted[1:].partition(">")[0].split()[0]
    for actual in (wanted.replace(WORD, "other-word"), f"<{root}/>"):
        found = model.diff(wanted, actual)
        assert found
        shown = "".join(f"{each!r} {each}" for each in found)
        assert WORD not in shown
        assert "other-word" not in shown


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_secret_is_hidden_where_it_is_not_wanted(document: str) -> None:
    """Also of what only the other has."""
    actual = document.format(WORD).replace("{}", WORD)
    root = actual[1:].partition(">")[0].split()[0]
    found = model.diff(f"<{root}/>", actual, extra=True)
    assert WORD not in "".join(f"{each!r} {each}" for each in found)


def test_a_secret_that_differs_is_a_difference() -> None:
    """It is compared, and only not shown."""
    [found] = model.diff(DOCUMENTS["console"].format("one"), DOCUMENTS["console"].format("two"))
    assert (found.kind, found.wanted, found.actual) == ("different", "********", "********")
    assert str(found) == "domain/devices/graphics[vnc]/@passwd: ******** is wanted, ******** is there"


def test_a_difference_is_one_line() -> None:
    """Whatever its values hold."""
    one, two = "<domain><description>a\nb</description></domain>", "<domain/>"
    [found] = model.diff(one, two)
    assert str(found) == "domain/description: <description>a b</description> is wanted, and missing"
    assert (found.wanted, found.actual) == ("<description>a\nb</description>", None)
