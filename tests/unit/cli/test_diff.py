"""``virtkit diff`` with what exists on a connection, of any kind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import virtkit
from tests.unit.cli.conftest import XML, Cli

NETWORK = """<network><name>{name}</name><forward mode='nat'/>
<ip address='192.168.77.1' netmask='255.255.255.0'><dhcp><range start='192.168.77.9' end='{end}'/></dhcp></ip>
</network>"""
POOL = "<pool type='dir'><name>images</name><target><path>/srv//images/</path></target></pool>"
VOLUME = (
    "<volume><name>data.qcow2</name><capacity unit='MiB'>{size}</capacity>"
    "<target><format type='qcow2'/></target></volume>"
)
FILTER = (
    "<filter name='f1'><rule action='drop' direction='in'><all srcmacaddr='1:2:3:4:5:6'/></rule></filter>"
)
SECRET = (
    "<secret ephemeral='no' private='yes'><uuid>8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11</uuid>"
    "<description>{what}</description></secret>"
)


Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write XML to a file, and return its path as a word."""

    def write(text: str) -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.xml"
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def raw(host: virtkit.Connection) -> Any:
    """libvirt's own connection to the host."""
    return host.raw


def network(name: str = "lan", end: str = "192.168.77.99") -> str:
    """A network."""
    return NETWORK.format(name=name, end=end)


def test_a_network_is_found_by_the_name_in_its_document(cli: Cli, raw: Any, write: Write) -> None:
    """Or by another that is given."""
    raw.networkDefineXML(network())
    wanted = write(network())
    assert cli("diff", wanted) == (0, "", "")
    assert cli("diff", wanted, "lan", "--live").code == 0
    assert "network/uuid" in cli("diff", "lan", wanted).out  # a host's document says more
    code, out, _ = cli("diff", write(network(end="192.168.77.50")))
    assert (code, out.count("\n")) == (1, 1)
    assert out.startswith("network/ip[192.168.77.1]/dhcp/range[192.168.77.9 192.168.77.50]: ")


def test_what_is_not_there_is_exit_code_3(cli: Cli, write: Write, web1: virtkit.Domain) -> None:
    """Of each kind, and with its name in the message."""
    for text, words in (
        (network("none"), []),
        (POOL, []),
        (FILTER, []),
        (SECRET, []),
        (VOLUME.format(size=1), ["images/none"]),
        ("<domain><name>none</name></domain>", []),
        ("<domainsnapshot><name>s</name></domainsnapshot>", [f"{web1.name}/s"]),
        ("<domaincheckpoint><name>c</name></domaincheckpoint>", [f"{web1.name}/c"]),
        ("<filterbinding><portdev name='vnet9'/></filterbinding>", []),
        ("<interface type='bridge' name='br9'/>", []),
        ("<device><name>none</name></device>", []),
    ):
        code, out, err = cli("diff", write(text), *words)
        assert (code, out) == (3, ""), text
        assert err.startswith("virtkit: find "), err


def test_a_pool_and_its_volume(cli: Cli, raw: Any, write: Write) -> None:
    """A volume is named with its pool; without it, the line says so."""
    pool = raw.storagePoolDefineXML(POOL)
    pool.build()
    pool.create()
    pool.createXML(VOLUME.format(size=8))
    assert cli("diff", write(POOL)) == (0, "", "")
    assert cli("diff", write(VOLUME.format(size=8)), "images/data.qcow2") == (0, "", "")
    code, out, _ = cli("diff", write(VOLUME.format(size=800)), "images/data.qcow2")
    assert (code, out) == (1, "volume/capacity: 800 MiB is wanted, 8388608 bytes is there\n")
    for words in ([], ["data.qcow2"]):
        code, _, err = cli("diff", write(VOLUME.format(size=8)), *words)
        assert (code, "POOL/VOLUME" in err) == (2, True)


def test_filters_and_secrets(cli: Cli, raw: Any, write: Write) -> None:
    """A filter by its name, a secret by its UUID."""
    raw.nwfilterDefineXML(FILTER)
    raw.secretDefineXML(SECRET.format(what="one"))
    assert cli("diff", write(FILTER)).code == 0
    assert cli("diff", write(SECRET.format(what="one"))).code == 0
    assert cli("diff", write(SECRET.format(what="two"))).code == 1


def test_a_spec_is_compared_with_the_domain_of_its_name(
    cli: Cli, host: virtkit.Connection, tmp_path: Path
) -> None:
    """Rendered for the host, as apply would; its passwords are not shown."""
    spec = tmp_path / "web2.yaml"
    text = "name: web2\nmemory: {}\ngraphics: [{{type: vnc, password: {}}}]\n"
    spec.write_text(text.format("256MiB", "hunter2"))
    assert cli("domain", "apply", str(spec)).code == 0
    assert cli("diff", str(spec)) == (0, "", "")
    spec.write_text(text.format("512MiB", "other"))
    code, out, _ = cli("diff", str(spec))
    assert (code, out.count("\n")) == (1, 2)
    assert "domain/memory: " in out
    assert "hunter2" not in out
    assert "other" not in out
    found = cli("--json", "diff", str(spec)).json
    assert [set(row) for row in found] == [{"path", "wanted", "actual", "kind"}] * 2
    assert host.domains["web2"].xml(inactive=True)


def test_a_domain_s_name_alone_compares_what_runs_with_the_definition(
    cli: Cli, host: virtkit.Connection, web1: virtkit.Domain
) -> None:
    """What the next start will change."""
    web1.start()
    assert cli("diff", "web1") == (0, "", "")
    again = XML.format(name="web1").replace("256", "512")
    host.domains.define_raw(again.replace("<memory", f"<uuid>{web1.uuid}</uuid><memory"))
    code, out, _ = cli("diff", "web1")
    assert code == 1
    assert "domain/memory: 524288 KiB is wanted, 262144 KiB is there" in out
    web1.destroy()


def test_a_document_without_a_name_says_so(cli: Cli, write: Write) -> None:
    """And one of which no host has any."""
    assert cli("diff", write("<network/>")) == (
        2,
        "",
        "virtkit: this <network> has no name: say what it is to be compared with\n",
    )
    assert "by name" in cli("diff", write("<capabilities/>"), "any").err


def test_the_second_word_is_optional_in_the_help(plain: Cli) -> None:
    """And the kinds are named."""
    out = plain("diff", "--help").out
    assert "WANTED [ACTUAL]" in " ".join(out.split())
    assert "POOL/VOLUME" in out
