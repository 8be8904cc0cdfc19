"""Say what a domain should be, as often as you like: only what is not so yet is changed.

    python examples/apply.py [URI]

Runs on a fake host unless a URI says where.
"""

import sys

import virtkit

URI = sys.argv[1] if len(sys.argv) > 1 else "fake:///example"


def main() -> None:
    wanted = virtkit.DomainSpec(name="example-apply", memory="512MiB", vcpus=1)
    with virtkit.connect(URI) as host:
        print(host.domains.apply(wanted).outcome)  # created
        print(host.domains.apply(wanted).outcome)  # unchanged: what libvirt added is no difference

        wanted.memory = "1GiB"
        planned = host.domains.apply(wanted, dry_run=True)
        for change in planned.changes:
            print(f"would change {change}")
        print(host.domains.apply(wanted).outcome)  # updated

        host.domains["example-apply"].delete()


if __name__ == "__main__":
    main()
