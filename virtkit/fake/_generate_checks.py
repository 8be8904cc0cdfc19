"""Write checks.json: what each C function checks of its arguments, read from libvirt and its binding.

Give it the folder of libvirt's sources, where libvirt-python is installed::

    python -m virtkit.fake._generate_checks libvirt-9.0.0/src

These are facts about the API: which argument may not be NULL, which flags which driver knows.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from virtkit.fake._generate import real_module
from virtkit.fake.constants import CONSTANTS

_HERE = Path(__file__).parent
_FUNCTION = re.compile(r"^(?:\w[\w *]*[ *])?\*?(\w+)\(([^;{}/()]*)\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_POINTER = re.compile(r"\w+ \(\*(\w+)\)\([^()]*\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CHECK = re.compile(
    r"^    (virCheck(?:ReadOnly|NonNull|Null|NonZero|Zero|Positive|NonNegative|NonEmptyString)\w*|"
    r"VIR_(?:EXCLUSIVE|REQUIRE)_FLAGS?_\w+)\((.*?)\);?$",
    re.MULTILINE | re.DOTALL,
)
_PASSED_ON = re.compile(r"^    return (\w+)\([^;]*\bflags\b(?:,[^;]*)?\);", re.MULTILINE)
_KINDS = {
    "NonNull": "nonnull", "Null": "null", "NonZero": "nonzero", "Zero": "zero", "Positive": "positive",
    "NonNegative": "nonnegative", "NonEmptyString": "nonempty",
}  # fmt: skip
_ENTRY = re.compile(r"->(?:\w*[dD]river)->(\w+)\(")
_DEFINE = re.compile(r"^# *define (\w+)[ \t\\]*\n?((?:.*\\\n)*.*)", re.MULTILINE)
_STRINGS = 4  # VIR_TYPED_PARAM_STRING_OKAY: libvirt adds it, and not every driver knows it
_BY_HOST = re.compile(r"virInterface(Change|Create|Define|Destroy|Undefine)")  # its backend decides
_OF_CONNECTION = {"virConnectSetKeepAlive", "virConnectSetIdentity"}  # the remote driver has them
_FLAGS_DROPPED = {"virDomainGetDiskErrors"}  # the binding takes them and passes none on
_ASKS_FIRST = {  # the binding asks how many there are, or of what type, and that is refused
    "virDomainSnapshotListNames": "virDomainSnapshotNum",
    "virDomainSnapshotListChildrenNames": "virDomainSnapshotNumChildren",
    "virNodeListDevices": "virNodeNumOfDevices",
    "virConnectListNWFilters": "virConnectNumOfNWFilters",
    "virConnectListSecrets": "virConnectNumOfSecrets",
    "virDomainSetBlkioParameters": "virDomainGetBlkioParameters",
    "virDomainSetMemoryParameters": "virDomainGetMemoryParameters",
    "virDomainSetNumaParameters": "virDomainGetNumaParameters",
    "virDomainSetInterfaceParameters": "virDomainGetInterfaceParameters",
    "virDomainSetPerfEvents": "virDomainGetPerfEvents",
    "virDomainSetSchedulerParametersFlags": "virDomainGetSchedulerParametersFlags",
}
_DRIVERS = {
    "test": {"test/test_driver.c": "VIR_FROM_TEST"},
    "qemu": {
        "qemu/qemu_driver.c": "VIR_FROM_QEMU",
        "network/bridge_driver.c": "VIR_FROM_NETWORK",
        "storage/storage_driver.c": "VIR_FROM_STORAGE",
        "secret/secret_driver.c": "VIR_FROM_SECRET",
        "nwfilter/nwfilter_driver.c": "VIR_FROM_NWFILTER",
        "node_device/node_device_driver.c": "VIR_FROM_NODEDEV",
        "node_device/node_device_udev.c": "VIR_FROM_NODEDEV",
        "interface/interface_backend_udev.c": "VIR_FROM_INTERFACE",
    },
}


def formats() -> dict[str, str]:
    """Return how the binding parses each function's arguments, as PyArg_ParseTuple is told."""
    compiled = real_module("libvirtmod").__file__ or ""
    texts = re.findall(rb"([A-Za-z|#]+):(vir\w+)\0", Path(compiled).read_bytes())
    return {  # u: 16 bytes, y: any
        name.decode(): form.decode().replace("z#", "u" if b"UUID" in name else "y") for form, name in texts
    }


def functions(text: str) -> dict[str, tuple[list[str], str]]:
    """Return parameters and body of every function in C source *text*."""
    found = {}
    for name, parameters, body in _FUNCTION.findall(_POINTER.sub(r"int \1", _COMMENT.sub("", text))):
        names = [part.replace("G_GNUC_UNUSED", "").split() for part in parameters.split(",")]
        found[name] = ([words[-1].strip("*[]") for words in names if words], body)
    return found


def checks(parameters: list[str], body: str) -> list[list[Any]]:
    """Return what the public function with that *body* checks, in its order."""
    made: list[list[Any]] = []
    for macro, inner in _CHECK.findall(body):
        words = [word.strip() for word in inner.split(",")]
        kind = re.sub(r"^virCheck|(Array)?Arg(Goto|Return)$|Goto$", "", macro)
        if kind == "ReadOnly":
            made.append(["readonly"])
        elif macro.startswith("VIR_"):
            both = [CONSTANTS.get(word) for word in words[:2]]
            if None not in both and "flags" in parameters:
                kind = "exclusive" if "EXCLUSIVE" in macro else "requires"
                made.append([kind, "flags", *words[:2]])
        elif words[0] in parameters and "ArrayArg" not in macro:  # of an array that is there
            made.append([_KINDS[kind], words[0]])
    return made


def driver(source: Path, name: str) -> tuple[set[str], dict[str, list[Any]]]:
    """Return the entries that the driver *name* has; by entry, its function, reporter and known flags."""
    entries: set[str] = set()
    known: dict[str, list[Any]] = {}
    texts = {file: (source / file).read_text() for file in _DRIVERS[name]}
    macros = dict(_DEFINE.findall("\n".join(path.read_text() for path in source.rglob("*.h"))))
    bodies = {}
    for file, text in texts.items():
        macros.update(_DEFINE.findall(text))
        bodies.update({key: (*value, file) for key, value in functions(text).items()})
    for text in texts.values():
        for entry, function in re.findall(r"^    \.(\w+) = (\w+),", text, re.MULTILINE):
            entries.add(entry)
            parameters, body, file = bodies.get(function, ([], "", ""))
            passed_on = _PASSED_ON.search(body)
            if "virCheckFlags" not in body and passed_on and passed_on[1] in bodies:
                function = passed_on[1]  # noqa: PLW2901
                parameters, body, file = bodies[function]
            flags = re.search(
                r"^    virCheckFlags(?:Goto)?\((.*?),\s*[-\w ()]+\);", body, re.MULTILINE | re.DOTALL
            )
            value = _value(flags[1], macros) if flags and "flags" in parameters else None
            if value is not None:
                reporter = CONSTANTS[_DRIVERS[name][file]]
                known[entry] = [function, reporter, value]
    return entries, known


def _value(expression: str, macros: dict[str, str]) -> int | None:
    """Return what an expression of flags is, None if it names what the module does not have."""
    words = set(re.findall(r"[A-Za-z_]\w+", expression))
    if not words <= CONSTANTS.keys():
        for word in words - CONSTANTS.keys():
            if word not in macros:
                return None
            expression = re.sub(rf"\b{word}\b", f"({macros[word]})", expression)
        return _value(expression.replace("\\", " "), macros)
    return int(eval(expression.replace("\n", " "), {}, CONSTANTS))  # noqa: S307


def facts(source: Path) -> dict[str, Any]:
    """Return, by C function, what is known."""
    parsed = formats()
    made: dict[str, Any] = {name: {"format": form} for name, form in parsed.items()}
    drivers = {name: driver(source, name) for name in _DRIVERS}
    for path in sorted(source.glob("libvirt*.c")):
        text = path.read_text()
        reporter = re.search(r"define VIR_FROM_THIS (\w+)", text)
        for function, (parameters, body) in functions(text).items():
            if not function.startswith("vir") or reporter is None:
                continue
            fact = made.setdefault(function, {})
            fact["from"] = CONSTANTS[reporter[1]]
            fact["parameters"] = " ".join(parameters[1:])
            fact["checks"] = checks(parameters, body)
            wanted = set(_ENTRY.findall(body))
            for name, (entries, known) in drivers.items():
                lacking = wanted and not wanted & entries and "virReportUnsupportedError" in body
                elsewhere = function in _OF_CONNECTION or _BY_HOST.match(function)
                if lacking and not (name == "qemu" and elsewhere):
                    fact.setdefault("lacks", []).append(name)
                flags = [known[entry] for entry in _ENTRY.findall(body) if entry in known]
                if len(wanted) == 1 and flags and function not in _FLAGS_DROPPED:
                    adds = "VIR_TYPED_PARAM_STRING_OKAY" in body and not flags[0][2] & _STRINGS
                    fact[name] = [*flags[0], _STRINGS] if adds else flags[0]
    for name, first in _ASKS_FIRST.items():
        made[name].update({key: made[first][key] for key in _DRIVERS if key in made[first]}, asks=first)
    for name in list(made):
        if not made[name].get("format") and not made[name].get("from"):
            del made[name]
    return dict(sorted(made.items()))


if __name__ == "__main__":
    found = facts(Path(sys.argv[1]))
    lines = (f"{json.dumps(name)}: {json.dumps(fact)}" for name, fact in found.items())
    (_HERE / "checks.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
