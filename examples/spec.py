"""A spec in YAML becomes libvirt XML; every mistake in it is named at once, each with its place.

    python examples/spec.py [URI]

Runs on a fake host unless a URI says where.
"""

import sys

import virtkit

URI = sys.argv[1] if len(sys.argv) > 1 else "fake:///example"

SPEC = """\
name: example-web
title: A web server
memory: 512MiB
vcpus: 2
disks:
  - source: /srv/example-web.qcow2
    cache: none
interfaces: [default]
graphics: vnc
rng: true
"""

WRONG = """\
name: example-web
memory: 512
vcpu: 2
disks:
  - source: /srv/example-web.qcow2
    cache: sometimes
"""


def main() -> None:
    with virtkit.connect(URI) as host:
        spec = virtkit.DomainSpec.from_yaml(SPEC)
        print(virtkit.render(spec, host=host.capabilities()))  # "type: auto" is what this host has

        try:
            virtkit.DomainSpec.from_yaml(WRONG)
        except virtkit.SpecError as error:
            for problem in error.problems:
                print(f"wrong: {problem}")


if __name__ == "__main__":
    main()
