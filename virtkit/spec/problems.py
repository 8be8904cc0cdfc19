"""Pydantic's errors as virtkit's problems: a path, what is wrong, and what to do about it."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from virtkit.errors import Problem

Location = tuple[int | str, ...]

# Words from libvirt's XML, or from other tools, and where a spec has them.
_ELSEWHERE = {
    "vcpu": "vcpus",
    "cpus": "vcpus",
    "ram": "memory",
    "mem": "memory",
    "os": "boot",
    "uefi": 'boot: {firmware: "efi"}',
    "currentMemory": "current_memory",
    "memoryBacking": "memory_backing",
    "memballoon": "balloon",
    "devices": "disks, interfaces, ... directly below the domain",
    "networks": "interfaces",
    "nics": "interfaces",
    "topology": "vcpus.topology",
    "pinning": "cputune",
    "file": "source",
    "path": "source",
    "image": "source",
    "dev": "target",
    "read_only": "readonly",
    "device_order": "order",
    "network_name": "network",
    "passwd": "password",
}


# What is wanted, for kinds of error that pydantic words as a programmer would.
_PLAIN = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}


def path_of(location: Location) -> str:
    """Return ``disks[1].format`` for ``("disks", 1, "format")``."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step != "[key]":
            path += f".{step}" if path else step
    return path


def explain(cls: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Return every problem that *error* of *cls* tells of, each once, in the order of the input."""
    return list(dict.fromkeys(_problem(cls, details) for details in error.errors(include_url=False)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``'; did you mean "x"?'``, or nothing if no known word is near."""
    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), names, n=3, cutoff=0.6)
    near.sort(key=lambda name: sorted(name) != sorted(word.lower()))
    return f'; did you mean "{names[near[0]]}"?' if near else ""


def _problem(cls: type[BaseModel], details: Mapping[str, Any]) -> Problem:
    location: Location = details["loc"]
    return Problem(path_of(location), _message(cls, location, details))


def _message(cls: type[BaseModel], location: Location, details: Mapping[str, Any]) -> str:
    kind, given = details["type"], details.get("input")
    if kind in {"extra_forbidden", "no_such_attribute"}:
        return _unknown_key(_part_at(cls, location[:-1]), str(location[-1]))
    if kind == "missing":
        return "is required"
    if kind == "literal_error":
        return _unknown_word(given, details["ctx"]["expected"])
    if kind in {"value_error", "assertion_error"}:
        return str(details["ctx"]["error"])
    if kind == "string_type":
        return f"must be text, not {kind_of(given)}" + (": put it in quotes" if _is_number(given) else "")
    if kind == "string_unicode":
        return "has a lone surrogate, which XML cannot hold: remove it"
    if kind in _PLAIN:
        return f"must be {_PLAIN[kind]}, not {repr(given[:80]) if isinstance(given, str) else kind_of(given)}"
    message: str = details["msg"]
    return (
        "must be" + message.removeprefix("Input should be")
        if message.startswith("Input should be")
        else message
    )


def _unknown_key(part: type[BaseModel] | None, key: str) -> str:
    known = list(part.model_fields) if part is not None else []
    place = _ELSEWHERE.get(key)
    if place is not None and (place in known or not place.isidentifier()):
        return (
            f"unknown key; did you mean {place}?"
            if not place.isidentifier()
            else f'unknown key; did you mean "{place}"?'
        )
    return "unknown key" + (did_you_mean(key, known) or f"; known are {', '.join(known)}")


def _unknown_word(given: Any, expected: str) -> str:
    words = expected.replace(" or ", ", ").replace("'", "")
    if not isinstance(given, str):
        return f"must be one of {words}, not {kind_of(given)}"
    return f"{given[:80]!r} is none of {words}" + did_you_mean(given, words.split(", "))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def kind_of(value: Any) -> str:
    """Return what *value* is, in words: ``a list``, ``2 (int)``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool | int | float):
        return f"{value!r} ({type(value).__name__})"
    return {"str": "text", "dict": "a mapping", "list": "a list"}.get(
        type(value).__name__, type(value).__name__
    )


def _part_at(cls: type[BaseModel], location: Location) -> type[BaseModel] | None:
    part: type[BaseModel] | None = cls
    for step in location:
        if part is None:
            return None
        if isinstance(step, str) and step in part.model_fields:
            part = part_in(part.model_fields[step].annotation)
    return part


def part_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model in an *annotation* such as ``list[DiskSpec] | None``, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := part_in(inner))), None)
