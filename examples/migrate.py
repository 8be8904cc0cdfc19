"""Move a running domain to another host, see how it goes, and bring it back.

    python examples/migrate.py [URI OTHER_URI]

Runs between two fake hosts unless URIs say where.
"""

import sys

import virtkit

HERE, THERE = sys.argv[1:3] if len(sys.argv) > 2 else ("fake:///example-here", "fake:///example-there")


def show(progress: virtkit.MigrationProgress) -> None:
    if progress.total:  # known once libvirt has begun to copy
        print(f"  {progress.fraction:.0%} done, {progress.remaining / 2**20:.0f} MiB left")


def main() -> None:
    with virtkit.connect(HERE) as here, virtkit.connect(THERE) as there:
        domain = here.domains.define(virtkit.DomainSpec(name="example-move", memory="256MiB"))
        try:
            domain.start()
            for to in (there, here):
                moved = domain.migrate(to, on_progress=show, timeout=60, on_timeout="abort")
                domain = moved.domain  # the handle on the host where it is now
                print(
                    f"{domain.name} is {moved.status} on {moved.destination} after {moved.total_time:.1f} s"
                )
        except virtkit.MigrationError as error:
            print(f"the guest is {error.outcome.replace('_', ' ')}: {error}")
        finally:
            domain.delete(force=True, timeout=5)


if __name__ == "__main__":
    main()
