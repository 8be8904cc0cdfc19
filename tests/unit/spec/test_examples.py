"""What holds for every spec: round trips, a schema for editors, and nothing lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.spec.examples import every_domain
from virtkit.errors import SpecError
from virtkit.spec import DomainSpec

EXAMPLES = every_domain()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_spec_survives_dict_and_yaml(name: str) -> None:
    """What is written is read back as the same spec; and what is read is short."""
    spec = DomainSpec(**EXAMPLES[name])
    assert DomainSpec.from_dict(spec.to_dict()) == spec
    assert DomainSpec.from_yaml(spec.to_yaml()) == spec


@pytest.mark.parametrize("name", EXAMPLES)
def test_completing_changes_nothing_that_is_stated(name: str) -> None:
    """The completed spec says everything that the spec says, the spec stays as it is, and twice is once."""
    spec = DomainSpec(**EXAMPLES[name])
    before = spec.model_copy(deep=True)
    completed = spec.completed
    assert spec == before
    assert completed.completed == completed
    for field in ("name", "memory", "vcpus", "cpu", "clock", "uuid", "description", "cputune", "numatune"):
        assert getattr(completed, field) == getattr(spec, field)


@pytest.mark.parametrize(
    "text",
    ["one\ntwo", " one\ntwo\n", "one\n\n", "\none", "a: b\n- c\n# d", "one\r\ntwo", "one\n\ttwo \n", "\n"]
    + [f"one\n{end}two {end} three" for end in "\x85\u2028\u2029\ufeff"],
)
def test_a_text_of_several_lines_survives_yaml(text: str) -> None:
    """Also with what ends lines elsewhere."""
    spec = DomainSpec(name="a", memory="1GiB", description=text, metadata={"a": text})
    assert DomainSpec.from_yaml(spec.to_yaml()) == spec


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """Return what several examples say, mixed, some keys left out, with any text as description."""
    chosen = draw(st.lists(st.sampled_from(list(EXAMPLES)), min_size=1, max_size=3))
    mixed: dict[str, Any] = {}
    for name in chosen:
        mixed |= EXAMPLES[name]
    left_out = draw(st.sets(st.sampled_from(sorted(mixed)), max_size=4)) - {"name", "memory"}
    mixed = {key: value for key, value in mixed.items() if key not in left_out}
    text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"))
    mixed["description"] = draw(text)
    mixed["metadata"] = draw(st.dictionaries(st.text("abc", min_size=1), text, max_size=3))
    return mixed


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.filter_too_much])
@given(specs())
def test_any_valid_spec_survives_yaml(fields: dict[str, Any]) -> None:
    """Also with texts that YAML would take for something else: numbers, booleans, colons."""
    try:
        spec = DomainSpec(**fields)
    except SpecError:
        assume(False)
    assert DomainSpec.from_yaml(spec.to_yaml()) == spec
