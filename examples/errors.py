"""Errors name the object, the connection, the cause and the remedy, and each is a builtin one as well.

    python examples/errors.py [URI]

Runs on a fake host unless a URI says where.
"""

import sys

import virtkit

URI = sys.argv[1] if len(sys.argv) > 1 else "fake:///example"


def main() -> None:
    with virtkit.connect(URI) as host:
        try:
            host.domains["nobody"]
        except LookupError as error:  # virtkit.NotFound
            print(f"not found: {error}")

        domain = host.domains.define(virtkit.DomainSpec(name="example-errors", memory="256MiB"))
        try:
            domain.suspend()
        except virtkit.WrongState as error:
            print(f"wrong state: {error} (libvirt's code {error.code})")
        try:
            virtkit.wait_until(domain, lambda status: status.running, timeout=0.2)
        except TimeoutError as error:  # virtkit.WaitTimeout
            print(f"timeout: {error}")
        finally:
            domain.delete()

    try:
        virtkit.connect("fake:///no/such/folder/host.db")
    except virtkit.VirtkitError as error:  # everything that virtkit raises on purpose
        print(f"no connection: {error}")


if __name__ == "__main__":
    main()
