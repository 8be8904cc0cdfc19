"""The pytest plugin, as the tests of other programs use it: pytest runs in these tests."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from virtkit.clock import VirtualClock
    from virtkit.fake.host import Host
    from virtkit.testing.plugin import Cluster

PROGRAM = """
import libvirt

def running():
    with libvirt.open() as conn:
        return [domain.name() for domain in conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)]

def start(name):
    with libvirt.open() as conn:
        try:
            conn.lookupByName(name).create()
        except libvirt.libvirtError as error:
            return error.get_error_code()
"""
XML = "<domain type='kvm'><name>{}</name><memory>65536</memory><os><type>hvm</type></os></domain>"


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Any:
    """Runs a test module of another project, in a process of its own; returns its outcomes."""
    pytester.makefile(".toml", pyproject="[tool.pytest.ini_options]\naddopts = '--strict-markers'\n")
    pytester.makepyfile(program=PROGRAM)

    def run(source: str, *arguments: str) -> pytest.RunResult:
        head = f"import pytest\nXML = {XML!r}\n"
        pytester.makepyfile(test_program=head + textwrap.dedent(source))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)

    return run


def test_import_libvirt_is_the_fake(fake_libvirt: Any, fake_host: Host) -> None:
    """In the test, `import libvirt` gives it, and a connection without a URI goes to the host."""
    import libvirt

    assert libvirt is fake_libvirt
    assert libvirt.open().getURI() == fake_host.uri


def test_the_systems_host_is_the_host(fake_libvirt: Any, fake_host: Host) -> None:
    """A program that names `qemu:///system` sees what the test prepared, and meets its faults."""
    fake_libvirt.open(fake_host.uri).defineXML(XML.format("web"))
    assert [domain.name() for domain in fake_libvirt.open("qemu:///system").listAllDomains()] == ["web"]
    fake_host.die()
    with pytest.raises(fake_libvirt.libvirtError):
        fake_libvirt.open("qemu:///system")


def test_hosts_of_a_cluster_are_several(fake_libvirt: Any, fake_cluster: Cluster) -> None:
    """A domain of one is not on the other, and can migrate to it."""
    here, there = (fake_libvirt.open(host.uri) for host in fake_cluster(2))
    domain = here.defineXML(XML.format("web"))
    domain.create()
    moved = domain.migrate3(there, {}, fake_libvirt.VIR_MIGRATE_LIVE)
    assert (moved.isActive(), domain.isActive()) == (1, 0)


def test_the_clock_is_held(fake_libvirt: Any, fake_host: Host, fake_clock: VirtualClock) -> None:
    """Guests do what they do as the test lets time pass."""
    fake_host.guest.shutdown_time = 300.0
    domain = fake_libvirt.open(fake_host.uri).createXML(XML.format("web"), 0)
    domain.shutdown()
    fake_clock.advance(299.0)
    assert domain.isActive() == 1
    fake_clock.advance(2.0)
    with pytest.raises(fake_libvirt.libvirtError):
        domain.isActive()


@pytest.mark.fake_host(cpus=6, acpi=False)
@pytest.mark.fake_fault("suspend", times=1)
def test_markers_prepare_the_host(fake_libvirt: Any, fake_host: Host) -> None:
    """Settings of the host, of its guests, and faults."""
    assert (fake_host.cpus, fake_host.guest.acpi) == (6, False)
    domain = fake_libvirt.open(fake_host.uri).createXML(XML.format("web"), 0)
    with pytest.raises(fake_libvirt.libvirtError, match="fault on demand"):
        domain.suspend()
    assert domain.suspend() == 0


def test_a_program_that_imported_libvirt_before(suite: Any) -> None:
    """Every way to import it: the module, an alias, a name; and afterwards all is as it was."""
    result = suite(
        """
        import sys, types
        real = types.ModuleType("libvirt")
        exec("def open(name=None): raise RuntimeError('the real one')", vars(real))
        real.open.__module__ = "libvirt"
        program = types.ModuleType("early")
        sys.modules.update(libvirt=real, early=program)
        exec("import libvirt; import libvirt as lv; from libvirt import open as connect", vars(program))

        def test_during(fake_libvirt):
            assert program.libvirt is program.lv is fake_libvirt
            assert program.connect().getType() == "QEMU"

        def test_after():
            assert program.libvirt is real and program.connect is real.open
        """
    )
    result.assert_outcomes(passed=2)


def test_tests_do_not_see_each_other(suite: Any) -> None:
    """Hosts, their faults and settings, the event loop and the error handler are new each time."""
    result = suite(
        """
        import virtkit.fake as lv

        @pytest.mark.parametrize("turn", [1, 2])
        def test_turn(fake_libvirt, fake_host, turn):
            import program
            assert program.running() == []
            assert program.start("web") == lv.VIR_ERR_NO_DOMAIN
            with pytest.raises(lv.libvirtError, match="timer"):
                lv.open().domainEventRegisterAny(None, 0, print, None)
            lv.virEventRegisterDefaultImpl()
            fake_host.faults.add("create")
            lv.open().defineXML(XML.format("web"))
            assert program.start("web") == lv.VIR_ERR_INTERNAL_ERROR
        """
    )
    result.assert_outcomes(passed=2)


def test_the_marker_and_the_setting(suite: Any, pytester: pytest.Pytester) -> None:
    """A marker instead of the fixture; a setting, so that modules may import it at their top."""
    result = suite(
        """
        @pytest.mark.fake_libvirt
        def test_marked():
            import libvirt
            assert libvirt.__name__ == "virtkit.fake"
        """
    )
    result.assert_outcomes(passed=1)
    pytester.path.joinpath("pyproject.toml").write_text("[tool.pytest.ini_options]\nfake_libvirt = true\n")
    result = suite(
        """
        import program, libvirt

        def test_it(fake_libvirt):
            libvirt.open().createXML(XML.format("web"), 0)
            assert program.running() == ["web"]
        """
    )
    result.assert_outcomes(passed=1)


def test_the_setting_parts_tests(suite: Any, pytester: pytest.Pytester) -> None:
    """Also those of unittest and without fixtures; what a module's fixture made stays for the module."""
    pytester.path.joinpath("pyproject.toml").write_text("[tool.pytest.ini_options]\nfake_libvirt = true\n")
    result = suite(
        """
        import libvirt, unittest

        class UnitTest(unittest.TestCase):
            def setUp(self):
                self.conn = libvirt.open("qemu:///system")
                self.conn.defineXML(XML.format("web"))

            def test_one(self):
                self.assertEqual(self.conn.numOfDefinedDomains(), 1)

            test_two = test_one

        @pytest.fixture(scope="module")
        def lasting():
            conn = libvirt.open("fake:///lasting")
            conn.defineXML(XML.format("web"))
            return conn

        @pytest.mark.parametrize("turn", [1, 2])
        def test_turn(lasting, turn):
            assert lasting.numOfDefinedDomains() == 1
            assert libvirt.open("fake:///own").listAllDomains() == []
            libvirt.open("fake:///own").defineXML(XML.format("web"))
        """
    )
    result.assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ('fake_host(colour="red")', "a fake host with its guests has no 'colour': it has *"),
        ("fake_host(cpu=3)", "* no 'cpu' (did you mean 'cpus'?)*"),
        ("fake_host(die=True)", "* no 'die'*"),
        ("fake_host(4)", "it takes settings by their names, such as cpus=4 or acpi=False"),
        ("fake_host", "it takes settings by their names, *"),
        ("fake_host(cpus='three')", "cpus='three': expected a whole number of at least 1"),
        ("fake_fault('creat')", "libvirt has no call 'creat': did you mean 'create'[?]"),
        ("fake_fault('create', tims=3)", "got an unexpected keyword argument 'tims'"),
        ("fake_fault", "missing 1 required positional argument: 'call'"),
    ],
)
def test_a_wrong_marker_is_told(suite: Any, marker: str, words: str) -> None:
    """The marker is named, with what is wrong with it; nobody reads a traceback of the plugin."""
    result = suite(f"@pytest.mark.{marker}\ndef test_it(fake_host):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"@pytest.mark.{marker.partition('(')[0]}(*): {words}"])
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_a_marker_brings_the_fake(suite: Any) -> None:
    """Settings and faults are for a test that asks for no fixture too, and for classes and their methods."""
    result = suite(
        """
        import unittest

        @pytest.mark.fake_fault("listAllDomains", code="NO_SUPPORT")
        def test_fault():
            import libvirt, program
            with pytest.raises(libvirt.libvirtError):
                program.running()

        @pytest.mark.fake_host(cpus=4)
        class TestHost:
            @pytest.mark.fake_host(memory="8GiB")
            def test_both(self):
                import libvirt
                assert libvirt.open().getInfo()[1:3] == [8192, 4]

        @pytest.mark.fake_host(cpus=2)
        class UnitTest(unittest.TestCase):
            def test_it(self):
                import libvirt
                self.assertEqual(libvirt.open("qemu:///system").getInfo()[2], 2)

        @pytest.mark.fake_host(cpus=6)
        def test_cluster(fake_cluster):
            assert [host.cpus for host in fake_cluster(2)] == [6, 6]
        """
    )
    result.assert_outcomes(passed=4)


def test_tracebacks_are_short(suite: Any) -> None:
    """The program's lines are shown, and none of the fake's; a mistake of the fake is shown whole."""
    result = suite(
        """
        import virtkit.fake as lv

        def test_missing(fake_libvirt):
            import program
            program.start("web")
            lv.open().lookupByName("web")

        def test_called_wrongly(fake_libvirt):
            lv.open().lookupByName()

        def test_set_wrongly(fake_host):
            fake_host.cpu = 3
        """
    )
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(['*lv.open().lookupByName("web")', "E*no domain with matching name 'web'"])
    result.stdout.no_fnmatch_line("*virtkit/fake/*.py:[0-9]*")
    result = suite(
        """
        import virtkit.fake as lv

        def test_bug(fake_libvirt, monkeypatch):
            conn = lv.open()
            conn.defineXML(XML.format("web"))
            monkeypatch.setattr("virtkit.fake.connection.listing.is_listed", None)
            conn.listAllDomains(1)
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*virtkit/fake/connection/listing.py*"])


def test_beside_mocks(suite: Any) -> None:
    """pytest-mock patches the fake's classes as it does libvirt-python's, with their signatures."""
    result = suite(
        """
        import virtkit.fake as lv

        def test_patched(fake_libvirt, mocker):
            create = mocker.patch.object(lv.virDomain, "create", autospec=True, return_value=0)
            domain = lv.open().defineXML(XML.format("web"))
            assert domain.create() == 0 and domain.isActive() == 0
            create.assert_called_once_with(domain)

        def test_unpatched(fake_libvirt):
            domain = lv.open().defineXML(XML.format("web"))
            domain.create()
            assert domain.isActive() == 1

        def test_specified(mocker):
            conn = mocker.create_autospec(lv.virConnect, instance=True)
            with pytest.raises(TypeError):
                conn.lookupByName()
        """
    )
    result.assert_outcomes(passed=3)


def test_in_parallel(suite: Any) -> None:
    """Under pytest-xdist too."""
    result = suite(
        """
        @pytest.mark.parametrize("number", range(8))
        def test_it(fake_libvirt, number):
            conn = fake_libvirt.open()
            assert conn.listAllDomains() == []
            conn.createXML(XML.format("web"), 0)
            assert len(conn.listAllDomains()) == 1
        """,
        "-n",
        "2",
    )
    result.assert_outcomes(passed=8)


def test_the_plugin_is_light(tmp_path: Path) -> None:
    """A run that asks for no fixture of it imports nothing of virtkit but the plugin."""
    code = (
        "import sys, pytest; pytest.main(['--collect-only', '-q', '-p', 'no:cacheprovider']); "
        "print([m for m in sys.modules if m.startswith('virtkit.')])"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "['virtkit.testing', 'virtkit.testing.plugin']" in found.stdout
