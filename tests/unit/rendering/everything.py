"""Specs in which every field of every part is set, made from the fields' types; and their texts, one by one.

They are put together without validation: what is shown with them is what the templates do with any value.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from virtkit import DomainSpec

BENIGN = "benign"
TAKEN_APART = {"pci": "0000:06:00.0"}  # written in pieces, so it cannot read back whole
Put = Callable[[str], None]


def full_spec(choice: int) -> DomainSpec:
    """Return a spec with everything; *choice* picks among the words that a field can have."""
    made = _example(DomainSpec, choice, count())
    assert isinstance(made, DomainSpec)
    made.__dict__.update(type="qemu", os_type="hvm", xml=None)
    return made


def texts(holder: Any, path: str = "") -> Iterator[tuple[str, str, Put]]:
    """Yield path, value and a setter of each free text in *holder*."""
    items: Any
    if isinstance(holder, BaseModel):
        holder = holder.__dict__
    if isinstance(holder, dict):
        items = [(key, f"{path}.{key}" if path else str(key)) for key in holder]
    else:
        items = [(index, f"{path}[{index}]") for index in range(len(holder))]
    for key, where in items:
        value = holder[key]
        if isinstance(value, str) and value.startswith(BENIGN):
            yield where, value, partial(holder.__setitem__, key)
        elif isinstance(value, BaseModel | dict | list):
            yield from texts(value, where)


def _example(annotation: Any, choice: int, numbers: Iterator[int]) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _example(arguments[0], choice, numbers)
    if origin is Literal:
        return arguments[choice % len(arguments)]
    if origin in {Union, types.UnionType}:
        wanted = [argument for argument in arguments if argument is not type(None)]
        return _example(wanted[choice % len(wanted)], choice, numbers)
    if origin is list:
        return [_example(arguments[0], choice + more, numbers) for more in range(_variants(arguments[0]))]
    if origin is dict:
        return {
            f"{BENIGN}{next(numbers)}z" if arguments[0] is not int else 1: _example(
                arguments[1], choice, numbers
            )
        }
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields: dict[str, Any] = {
            name: TAKEN_APART.get(name) or _example(field.annotation, choice, numbers)
            for name, field in annotation.model_fields.items()
        }
        return annotation.model_construct(**fields)
    plain: dict[Any, Any] = {int: 7, bool: True, float: 1.5}
    return plain[annotation] if annotation in plain else f"{BENIGN}{next(numbers)}z"


def _variants(annotation: Any) -> int:
    """Return how many examples show every word that a part's fields can have."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return 1
    words = [_words(field.annotation) for field in annotation.model_fields.values()]
    return max(words, default=1)


def _words(annotation: Any) -> int:
    if get_origin(annotation) is Literal:
        return len(get_args(annotation))
    return max((_words(argument) for argument in get_args(annotation)), default=1)
