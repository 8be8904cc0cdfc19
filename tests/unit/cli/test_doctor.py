"""``virtkit doctor``: what is missing, each with a remedy."""

from pathlib import Path

import pytest
from pytest_mock import MockerFixture

import virtkit
from tests.unit.cli.conftest import URI, Cli
from virtkit.cli import doctor
from virtkit.cli.doctor import Finding


def found(uri: str) -> dict[str, Finding]:
    """What the doctor finds, by check."""
    return {finding.check: finding for finding in doctor.examine(uri)}


def test_a_fake_host_has_nothing_to_complain_of(cli: Cli) -> None:
    """Exit code 0, a line for each check."""
    code, out, err = cli("doctor")
    assert (code, err) == (0, "")
    assert "ok       connection: fake:///cli" in out
    report = cli("--json", "doctor").json
    assert report["ok"] is True
    assert {"check", "level", "message", "remedy"} == set(report["findings"][0])
    checks = [finding["check"] for finding in report["findings"]]
    assert checks[:5] == ["python", "dependencies", "templates", "schemas", "bindings"]


def test_missing_bindings_block_a_real_connection(plain: Cli, mocker: MockerFixture) -> None:
    """With the packages to install; a fake host does without."""
    missing = virtkit.BindingMissing("libvirt-python is not installed", hint="apt install python3-libvirt")
    mocker.patch("virtkit.binding.loading.load", side_effect=missing)
    mocker.patch("virtkit.cli.doctor._elsewhere", return_value="/usr/bin/python3 has it")
    code, out, _ = plain("-c", "qemu:///system", "doctor")
    assert code == 1
    assert "blocker  bindings: libvirt-python is not installed" in out
    assert "-> /usr/bin/python3 has it; apt install python3-libvirt" in out
    mocker.patch("virtkit.cli.doctor._importable", side_effect=lambda name: name != "libvirt")
    assert found(URI)["bindings"].level == "note"


def test_a_connection_that_fails_is_a_blocker_with_its_hint(plain: Cli, mocker: MockerFixture) -> None:
    """The hint is the library's."""
    mocker.patch("virtkit.cli.doctor._bindings", return_value=Finding("bindings", "ok", ""))
    broken = virtkit.Disconnected("nobody answers", uri="qemu:///system", hint="start the daemon")
    mocker.patch("virtkit.host.connect", side_effect=broken)
    code, out, _ = plain("-c", "qemu:///system", "doctor")
    assert code == 1
    assert "blocker  connection: qemu:///system: nobody answers\n         -> start the daemon" in out


@pytest.mark.parametrize(
    ("exists", "access", "level", "text"),
    [
        (False, False, "warning", "no "),
        (True, False, "warning", "not for this user"),
        (True, True, "ok", "read"),
    ],
)
def test_kvm(
    exists: bool, access: bool, level: str, text: str, tmp_path: Path, mocker: MockerFixture
) -> None:
    """Missing, forbidden or fine; without it guests are emulated, which is no blocker."""
    device = tmp_path / "kvm"
    if exists:
        device.touch()
    mocker.patch.object(doctor, "_KVM", device)
    mocker.patch("os.access", return_value=access)
    finding = doctor._kvm()
    assert finding.level == level
    assert text in finding.message
    assert bool(finding.remedy) == (level != "ok")


@pytest.mark.parametrize(
    ("uid", "groups", "uri", "level"),
    [
        (0, [], "qemu:///system", "ok"),
        (1000, ["libvirt"], "qemu:///system", "ok"),
        (1000, ["users"], "qemu:///system", "warning"),
        (1000, ["users"], "qemu:///session", "ok"),
    ],
)
def test_rights(uid: int, groups: list[str], uri: str, level: str, mocker: MockerFixture) -> None:
    """root, the group libvirt, or a session of one's own."""
    entries = [mocker.Mock(gr_gid=100 + number) for number, _ in enumerate(groups)]
    for entry, name in zip(entries, groups, strict=True):
        entry.gr_name = name
    mocker.patch("os.geteuid", return_value=uid)
    mocker.patch("os.getgroups", return_value=[entry.gr_gid for entry in entries])
    mocker.patch("grp.getgrall", return_value=entries)
    assert doctor._user(uri).level == level


def test_a_missing_dependency_is_a_blocker(mocker: MockerFixture) -> None:
    """With the command that installs it."""
    mocker.patch("virtkit.cli.doctor._importable", side_effect=lambda name: name != "lxml")
    finding = doctor._dependencies()
    assert (finding.level, finding.message) == ("blocker", "missing: lxml")
    assert "pip install" in finding.remedy


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (virtkit.NotFound("no"), "note"),
        (virtkit.NotSupported("no"), "note"),
        (virtkit.HostError("no"), "warning"),
    ],
)
def test_a_default_network_that_is_not_there(
    error: virtkit.HostError, level: str, mocker: MockerFixture
) -> None:
    """Is worth a word, and no more: nobody has to use it."""
    host = mocker.MagicMock()
    host.calling.return_value.__enter__.side_effect = error
    assert doctor._default(host, "network").level == level


def test_an_inactive_default_network_has_a_remedy(mocker: MockerFixture) -> None:
    """The command that starts it."""
    host = mocker.MagicMock()
    host.calling.return_value.__exit__.return_value = False
    host.raw.networkLookupByName.return_value.isActive.return_value = 0
    finding = doctor._default(host, "network")
    assert (finding.level, finding.message) == ("warning", "not active")
    assert "virsh net-start default" in finding.remedy
