"""A fake host for each test, and the command called in this process."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

import virtkit
import virtkit.fake
from virtkit.cli.main import main


class Outcome(NamedTuple):
    """What a call of the command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, which must be one JSON document."""
        return json.loads(self.out)


Cli = Callable[..., Outcome]
URI = "fake:///cli"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No host is left over, and none is taken from the environment."""
    for name in ("VIRTKIT_URI", "LIBVIRT_DEFAULT_URI"):
        monkeypatch.delenv(name, raising=False)
    virtkit.fake.reset()
    yield
    virtkit.fake.reset()


@pytest.fixture
def plain(capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command, with exactly these words."""

    def call(*words: str) -> Outcome:
        code = main(words)
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return call


@pytest.fixture
def cli(plain: Cli) -> Cli:
    """The command on the test's fake host."""
    return lambda *words: plain("--connect", URI, *words)


@pytest.fixture
def host() -> Iterator[virtkit.Connection]:
    """The same host through the library."""
    with virtkit.connect(URI) as connection:
        yield connection


@pytest.fixture
def held() -> Iterator[virtkit.clock.VirtualClock]:
    """Time that passes only when somebody waits, and then at once; ask for it before a domain."""
    with virtkit.clock.use(virtkit.clock.VirtualClock()) as clock:
        yield clock


XML = """\
<domain type='kvm'>
  <name>{name}</name>
  <memory unit='MiB'>256</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/srv/{name}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
"""


@pytest.fixture
def web1(host: virtkit.Connection) -> virtkit.Domain:
    """A domain that is off."""
    return host.domains.define(XML.format(name="web1"))
