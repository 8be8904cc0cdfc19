"""``render``, ``validate``, ``diff`` and ``template``: no host is asked."""

import io
import json
from pathlib import Path

import pytest

import virtkit
from tests.unit.cli.conftest import URI, XML, Cli
from virtkit.model import schema_available, schemas, validate

UNCHECKED = "nothing wrong found by virtkit's model, but libvirt's schema for it is not installed"
FINE = f"ok by {validate('<domain/>').source}" if schema_available() else UNCHECKED


@pytest.fixture(autouse=True)
def _no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTKIT_URI", "qemu+tcp://127.0.0.1:1/system")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec in YAML."""
    path = tmp_path / "web1.yaml"
    path.write_text("name: web1\ntype: qemu\nmemory: 512MiB\n")
    return path


def test_render_prints_what_the_library_renders(plain: Cli, spec: Path) -> None:
    """From a spec, or a template with its variables."""
    assert (
        plain("render", str(spec)).out.strip() == virtkit.render(virtkit.DomainSpec.from_yaml(spec)).strip()
    )
    words = ("--set", "name=web1", "--set", "memory=1GiB", "--set", "type=qemu")
    expected = virtkit.render("linux", name="web1", memory="1GiB", type="qemu")
    assert plain("render", "linux", *words).out.strip() == expected.strip()
    assert plain("--json", "render", "linux", *words).json == {"xml": expected, "problems": []}


def test_render_finds_templates_of_one_s_own(plain: Cli, tmp_path: Path) -> None:
    """In the folders that are given, or by its path."""
    own = tmp_path / "own.xml.j2"
    own.write_text("<domain type='qemu'><name>{{ name }}</name></domain>")
    words = ("--set", "name=a&b")
    found = plain("render", "own", "--templates", str(tmp_path), *words)
    assert found.out == plain("render", str(own), *words).out
    assert "a&amp;b" in found.out or found.code == 1  # where libvirt's schema is installed, it wants memory


def test_render_asks_the_host_only_if_told_to(plain: Cli) -> None:
    """What ``type: auto`` is, the connection knows."""
    assert plain("render", "minimal", "--set", "name=web1").code == 0
    assert plain("render", "minimal", "--set", "name=web1", "--host").code == 5
    assert "<domain type=" in plain("-c", URI, "render", "minimal", "--set", "name=web1", "--host").out


def test_validate_names_file_and_problem(plain: Cli, spec: Path, tmp_path: Path) -> None:
    """Each problem is a line; one bad file makes the exit code 1."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: web2\nmemory: lots\ncolour: red\n")
    broken = tmp_path / "broken.xml"
    broken.write_text("<domain>\n<name>\n</domain>")
    code, out, err = plain("validate", str(spec), str(wrong), str(broken))
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == f"{spec}: {FINE}"
    assert [line.split(": ")[1] for line in lines[1:3]] == ["memory", "colour"]
    assert lines[3].startswith(f"{broken}:")
    found = plain("--json", "validate", str(spec), str(wrong)).json
    assert [row["valid"] for row in found] == [True, False]
    assert [problem["path"] for problem in found[1]["problems"]] == ["memory", "colour"]


def test_validate_says_who_was_asked(
    plain: Cli, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where libvirt's schemas are not installed, virtkit's own model is, and that is no ok."""
    other = tmp_path / "other.xml"
    other.write_text("<network>\n<nome>n</nome></network>")
    monkeypatch.delenv("VIRTKIT_SCHEMAS", raising=False)
    monkeypatch.setattr(schemas, "FOLDERS", ())
    assert plain("validate", str(spec)).out == f"{spec}: {UNCHECKED}\n"
    code, out, _ = plain("validate", str(other))
    assert code == 1
    assert out.startswith(f"{other}:2: /network/nome: there is no element <nome> here; did you mean ")
    [row] = plain("--json", "validate", str(other)).json
    assert (row["schema"], row["source"], row["valid"]) == (False, "virtkit's model", False)
    assert row["problems"][0]["line"] == 2
    assert "checked by virtkit's model alone" in plain("render", str(spec), "--validate").err


@pytest.mark.parametrize(
    "text", [b"<domian/>", "<?xml version='1.0' encoding='utf-16'?><domian/>".encode("utf-16")]
)
def test_validate_reads_stdin(plain: Cli, text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """XML in any encoding, or a spec; and what is no document of libvirt is said to be none."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert plain("validate", "-").out.startswith("-:1: /domian: no document of libvirt has the root")
    monkeypatch.setattr("sys.stdin", io.StringIO("name: web1\nmemory: lots\n"))
    code, out, _ = plain("validate", "-")
    assert (code, out.partition(":")[0]) == (1, "-")
    assert "memory" in out


def test_validate_goes_on_after_a_file_that_cannot_be_read(plain: Cli, spec: Path, tmp_path: Path) -> None:
    """One that is missing, or is no text, is a problem like any other."""
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe")
    code, out, err = plain("validate", str(tmp_path / "none.xml"), str(binary), str(spec))
    assert (code, err) == (1, "")
    missing, unreadable, ok = out.splitlines()
    assert missing == f"{tmp_path}/none.xml: No such file or directory"
    assert unreadable == f"{binary}: not text in UTF-8: invalid start byte at byte 0"
    assert ok == f"{spec}: {FINE}"


@pytest.mark.parametrize("words", [["render"], ["domain", "define"], ["diff", "{}"]])
def test_a_problem_names_its_file_and_line(plain: Cli, tmp_path: Path, words: list[str]) -> None:
    """As compilers do; a program finds path and line by themselves in the JSON."""
    spec = tmp_path / "wrong.yaml"
    spec.write_text("name: web2\nmemory: 1024\n")
    typed = ["-c", URI, *(word.format(spec) for word in words), str(spec)]
    code, _, err = plain(*typed)
    assert code == 1
    assert err.startswith(f"virtkit: {spec}:2: memory: ")
    error = plain("--json", *typed).json["error"]
    assert error["type"] == "SpecError"
    assert error["message"].startswith(f"{spec}:2: memory: ")
    assert (error["problems"][0]["path"], error["problems"][0]["line"]) == ("memory", 2)


def test_diff_says_what_is_not_as_it_is_wanted(plain: Cli, spec: Path, tmp_path: Path) -> None:
    """Between files; exit code 1 is a difference, as of the program diff."""
    actual = tmp_path / "web1.xml"
    actual.write_text(plain("render", str(spec)).out)
    assert plain("diff", str(spec), str(actual)) == (0, "", "")
    actual.write_text(plain("render", str(spec), "--set", "memory=1GiB").out)
    code, out, _ = plain("diff", str(spec), str(actual))
    assert code == 1
    assert "domain/memory" in out
    found = plain("--json", "diff", str(spec), str(actual))
    assert (found.code, found.json[0]["path"], found.json[0]["kind"]) == (1, "domain/memory", "different")


def test_diff_with_a_domain_of_the_connection(cli: Cli, web1: virtkit.Domain, tmp_path: Path) -> None:
    """What libvirt has added by itself is no difference."""
    wanted = tmp_path / "web1.xml"
    wanted.write_text(XML.format(name="web1"))
    assert cli("diff", str(wanted), web1.name) == (0, "", "")
    assert cli("diff", str(wanted), "web9").code == 3


def test_templates_are_listed_with_what_they_make(plain: Cli) -> None:
    """All those that are shipped."""
    out = plain("template", "list").out
    assert {"linux", "windows", "container", "minimal"} <= {line.split()[0] for line in out.splitlines()}
    found = plain("--json", "template", "list").json
    assert [info["name"] for info in found if info["machine"]] == sorted(
        info["name"] for info in found if info["machine"]
    )


def test_a_template_is_shown_with_its_variables(plain: Cli) -> None:
    """Their defaults and meaning, and which are required."""
    lines = [line.split() for line in plain("template", "show", "linux").out.splitlines()]
    assert ["name", "required"] in [line[:2] for line in lines]
    assert ["memory", '"2GiB"'] in [line[:2] for line in lines]
    shown = plain("--json", "template", "show", "linux").json
    assert {"name": "vcpus", "meaning": "number of its CPUs", "required": False, "default": 2} in shown[
        "variables"
    ]


def test_a_template_that_is_not_there_is_exit_code_3(plain: Cli) -> None:
    """With those that are."""
    code, _, err = plain("template", "show", "linx")
    assert code == 3
    assert "linux" in err


def test_json_is_ascii(plain: Cli, tmp_path: Path) -> None:
    """So that no reader's encoding matters."""
    path = tmp_path / "a.xml"
    path.write_text("<domain type='qemu'><name>虚</name></domain>", encoding="utf-8")
    out = plain("--json", "diff", str(path), str(path), "--extra").out
    assert out.isascii()
    assert json.loads(out) == []
