"""A domain's life: define, start, suspend, resume, save, restore, stop, delete.

    python examples/lifecycle.py [URI]

Runs on a fake host unless a URI says where.
"""

import sys
import tempfile
from pathlib import Path

import virtkit

URI = sys.argv[1] if len(sys.argv) > 1 else "fake:///example"


def main() -> None:
    spec = virtkit.DomainSpec(name="example-life", memory="256MiB", vcpus=1)
    with virtkit.connect(URI) as host, tempfile.TemporaryDirectory() as folder:
        domain = host.domains.define(spec)
        print(f"{domain}: {domain.status()}")

        domain.start()
        virtkit.wait_until(domain, lambda status: status.state == "running", timeout=10)
        print(f"started: {domain.status()}")

        domain.suspend()  # the processors stand still; the memory stays in memory
        print(f"suspended: {domain.status()}")
        domain.resume()

        saved = Path(folder) / "example-life.save"  # on the host, if that is another machine
        domain.save(saved)  # the memory goes into a file, and the domain is off
        print(f"saved: {domain.status()}")
        domain = host.restore(saved)  # and goes on with its next instruction
        print(f"restored: {domain.status()}")

        domain.stop(timeout=10, force=True)  # asks the guest, waits, and pulls the plug after 10 seconds
        print(f"stopped: {domain.status()}")
        domain.delete()
        print(f"deleted: {'example-life' not in host.domains}")


if __name__ == "__main__":
    main()
