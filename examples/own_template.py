"""A template of one's own extends the shipped one, and overrides only what is different.

    python examples/own_template.py [URI]

The template is examples/templates/web.xml.j2. Runs on a fake host unless a URI says where.
"""

import sys
from pathlib import Path

import virtkit

URI = sys.argv[1] if len(sys.argv) > 1 else "fake:///example"
TEMPLATES = Path(__file__).parent / "templates"


def main() -> None:
    with virtkit.connect(URI) as host:
        xml = virtkit.render(
            "web.xml.j2",
            templates=[TEMPLATES],
            host=host.capabilities(),
            name="example-web",
            root="/srv/web & co.qcow2",  # escaped: a value never breaks out of its place
            content="/srv/content.raw",
        )
    for disk in virtkit.model.Domain.parse(xml).devices.disks:
        print(f"{disk.target.dev}: {disk.source.file}")
    problems = virtkit.validate(xml)  # by libvirt's own schema, where that is installed
    print(f"problems: {len(problems)}")

    try:
        virtkit.render("web.xml.j2", templates=[TEMPLATES], name="example-web", root="/srv/web.qcow2")
    except virtkit.TemplateError as error:
        print(f"refused: {error}")


if __name__ == "__main__":
    main()
