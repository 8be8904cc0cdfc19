"""The schema walk finds faults where they are, and nothing in what is valid, whatever its order."""

from pathlib import Path

import pytest

from virtkit import model
from virtkit.errors import ParseError

SCHEMA = """\
<grammar xmlns='http://relaxng.org/ns/structure/1.0' datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>
  <include href='types.rng'><define name='id'><data type='unsignedInt'/></define></include>
  <start><ref name='thing'/></start>
  <define name='thing'>
    <element name='thing'>
      <attribute name='mode'><choice><value>fast</value><value>slow</value></choice></attribute>
      <optional><attribute name='id'><ref name='id'/></attribute></optional>
      <interleave>
        <element name='name'><ref name='word'/></element>
        <optional><element name='note'><text/></element></optional>
        <zeroOrMore>
          <choice>
            <element name='part'>
              <choice>
                <group>
                  <attribute name='type'><value>file</value></attribute>
                  <element name='source'><attribute name='file'/></element>
                </group>
                <group>
                  <attribute name='type'><value>block</value></attribute>
                  <element name='source'><attribute name='dev'/></element>
                </group>
              </choice>
            </element>
            <element name='gap'><empty/></element>
          </choice>
        </zeroOrMore>
        <optional><element name='any'><ref name='anything'/></element></optional>
        <optional><element name='own' ns='urn:own'><text/></element></optional>
        <optional><grammar><include href='inner.rng'/></grammar></optional>
      </interleave>
    </element>
  </define>
</grammar>
"""
TYPES = """\
<grammar xmlns='http://relaxng.org/ns/structure/1.0'>
  <define name='id'><value>overridden</value></define>
  <define name='word'>
    <data type='string'><param name='pattern'>[a-z]+</param><except><value>no</value></except></data>
  </define>
  <define name='anything'>
    <zeroOrMore>
      <choice>
        <attribute><anyName/></attribute>
        <text/>
        <element><anyName/><ref name='anything'/></element>
      </choice>
    </zeroOrMore>
  </define>
</grammar>
"""
INNER = """\
<grammar xmlns='http://relaxng.org/ns/structure/1.0'>
  <start><element name='inner'><ref name='word'/></element></start>
  <define name='word'><value>only this</value></define>
</grammar>
"""


@pytest.fixture(autouse=True)
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a schema of everything that libvirt's use."""
    (tmp_path / "thing.rng").write_text(SCHEMA)
    (tmp_path / "types.rng").write_text(TYPES)
    (tmp_path / "inner.rng").write_text(INNER)
    monkeypatch.setenv("VIRTKIT_SCHEMAS", str(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        "<name>a</name>",
        (
            "<note>x</note><part type='block'><source dev='/d'/></part><name>a</name><gap/><part type='file'>"
            "<source file='f'/></part>"
        ),
        "<any x='1'>t<y z='2'><deep/>u</y></any><name>a</name><own xmlns='urn:own'>o</own>",
        "<name>a</name><inner>only this</inner>",
    ],
)
def test_valid_documents_have_no_problems(content: str) -> None:
    """In any order of children."""
    assert model.schema_available("thing")
    assert model.validate(f"<thing mode='fast' id='7'>{content}</thing>") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<thing mode='fats'>\n<name>a</name></thing>",
         "line 1: /thing/@mode: 'fats' is not allowed; did you mean 'fast'?; allowed: fast, slow"),
        ("<thing>\n<name>a</name></thing>",
         "line 1: /thing: the attribute 'mode' is missing; allowed: fast, slow"),
        ("<thing mode='fast'/>", "line 1: /thing: the element <name> is missing"),
        ("<thing mode='fast' id='-1'><name>a</name></thing>", "/@id: '-1' is not allowed; allowed: a number"),
        ("<thing mode='fast' moda=''>\n<name>a</name></thing>",
         "/thing/@moda: there is no attribute 'moda' here; did you mean 'mode'?"),
        ("<thing mode='fast'>\n<name>a</name>\n<nome/></thing>",
         "line 3: /thing/nome: there is no element <nome> here; did you mean 'note'?"),
        ("<thing mode='fast'><name>A</name></thing>",
         "/thing/name: 'A' is not allowed; allowed: text like [a-z]+"),
        ("<thing mode='fast'><name>no</name></thing>", "/thing/name: 'no' is not allowed"),
        ("<thing mode='fast'><name/></thing>", "/thing/name: a value is missing"),
        ("<thing mode='fast'><name>a</name><name>b</name></thing>",
         "/thing/name[2]: this <name> is one too many"),
        ("<thing mode='fast'>text<name>a</name></thing>", "/thing: 'text' is not allowed"),
        ("<thing mode='fast'><name>a</name>\n<part type='block'>\n<source file='f'/></part></thing>",
         "line 3: /thing/part/source"),
        ("<thing mode='fast'><name>a</name><part type='blok'><source dev='/d'/></part></thing>",
         "/thing/part/@type: 'blok' is not allowed"),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_is(text: str, message: str) -> None:
    """The first problem has its path, line, and what would be right."""
    assert message in str(model.validate(text)[0])


def test_all_faults_are_found_at_once() -> None:
    """Each by itself."""
    problems = model.validate("<thing mode='x' y='1'><name>A</name><z/></thing>")
    assert {problem.path for problem in problems} == {"/thing/@mode", "/thing/@y", "/thing/name", "/thing/z"}


def test_what_is_no_document_of_libvirt_is_a_finding() -> None:
    """It says what may have been meant; what is not well-formed raises."""
    assert not model.schema_available("domian")
    [problem] = model.validate("\n<domian/>")
    assert str(problem) == (
        "line 2: /domian: no document of libvirt has the root <domian>; did you mean 'domain'?"
    )
    with pytest.raises(ParseError):
        model.validate("<thing>")


@pytest.mark.skipif(not model.schema_available("domain"), reason="libvirt's schemas are not installed")
def test_libvirts_own_schema() -> None:
    """A wrong cache mode of a disk is named with the right ones."""
    text = (
        "<domain type='kvm'><name>x</name><memory>1</memory><os><type>hvm</type></os><devices>\n"
        "<disk type='file'><target dev='vda'/><driver cache='writebakc'/></disk></devices></domain>"
    )
    [problem] = model.validate(text)
    assert (problem.path, problem.line) == ("/domain/devices/disk/driver/@cache", 2)
    assert "did you mean 'writeback'" in problem.message
    assert model.validate(text.replace("writebakc", "writeback")) == []
