"""Hostile documents: each is read in a process of its own, with little memory and little time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")

_MEMORY, _SECONDS = 200 * 2**20, 1.0

_READER = f"""\
import resource, sys, time
from pathlib import Path
from virtkit import tree
from virtkit.errors import ParseError

def in_use(name):
    return int(next(line for line in open("/proc/self/status") if line.startswith(name)).split()[1]) * 1024

tree.parse(b"<d/>")
limit = in_use("VmSize") + {_MEMORY}
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
start = time.process_time()
said = "taken"
try:
    root = tree.parse(Path(sys.argv[1]))
    if b"SECRET" in tree.tostring(root).encode():
        said = "leaked"
except ParseError as error:
    said = "leaked" if "SECRET" in str(error) else "refused"
    assert len(str(error)) < 2000, len(str(error))
took = time.process_time() - start
print(said, took)
"""


def _entities(kind: str) -> bytes:
    return f"<!DOCTYPE d [<!ENTITY {kind}>]><d a='x'>&x;</d>".encode()


def _bomb() -> bytes:
    lines = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    return f"<!DOCTYPE d [<!ENTITY l0 'lol'>{lines}]><d>&l9;</d>".encode()


REFUSED: dict[str, Callable[[Path], bytes]] = {
    "entity bomb": lambda _: _bomb(),
    "entity bomb in an attribute": lambda _: _bomb().replace(b"<d>&l9;</d>", b"<d a='&l9;'/>"),
    "quadratic entities": lambda _: (
        b"<!DOCTYPE d [<!ENTITY x '" + b"x" * 100_000 + b"'>]><d>" + b"&x;" * 100_000 + b"</d>"
    ),
    "external entity": lambda secret: _entities(f"x SYSTEM 'file://{secret}'"),
    "external entity, utf-16": lambda secret: (
        _entities(f"x SYSTEM 'file://{secret}'").decode().encode("utf-16")
    ),
    "endless external entity": lambda _: _entities("x SYSTEM 'file:///dev/zero'"),
    "parameter entity": lambda secret: _entities(f"% p SYSTEM 'file://{secret}'> %p; <!ENTITY x 'y'"),
    "external document type": lambda secret: f"<!DOCTYPE d SYSTEM 'file://{secret}'><d/>".encode(),
    "document type behind comments": lambda _: b"<?xml version='1.0'?> <!-- > --><?p <x>?>\n<!DOCTYPE d><d/>",
    "many comments, then nothing": lambda _: b"<!-- -->" * 3_000_000,
    "a comment without an end": lambda _: b"<!-- " + b"<?x" * 4_000_000,
    "unknown entity": lambda _: b"<d>&unheard;</d>",
    "deep": lambda _: b"<d>" * 100_000 + b"</d>" * 100_000,
    "deep, open": lambda _: b"<d>" * 1_000_000,
    "huge attribute": lambda _: b"<d a='" + b"x" * 15_000_000 + b"'/>",
    "huge name": lambda _: b"<" + b"d" * 15_000_000 + b"/>",
    "many elements": lambda _: b"<d>" + b"<a/>" * 4_000_000 + b"</d>",
    "many elements, utf-7": lambda _: (
        b"<?xml version='1.0' encoding='utf-7'?>" + ("<d>" + "<a/>" * 1_000_000 + "</d>").encode("utf-7")
    ),
    "many elements, ebcdic": lambda _: (
        "<?xml version='1.0' encoding='cp037'?><d>" + "<a/>" * 4_000_000 + "</d>"
    ).encode("cp037"),
    "many attributes": lambda _: (
        b"<d " + b" ".join(b"a%d=''" % number for number in range(1_000_000)) + b"/>"
    ),
    "unknown encoding": lambda _: b"<?xml version='1.0' encoding='unheard'?><d/>",
    "slow encoding": lambda _: b"<?xml version='1.0' encoding='punycode'?>" + b"a-9" * 1_000_000,
    "wrong encoding": lambda _: "<?xml version='1.0' encoding='utf-8'?><d>ä</d>".encode("latin-1"),
    "utf-16 that is none": lambda _: b"<?xml version='1.0' encoding='utf-16'?><d/>",
    "no text encoding": lambda _: b"<?xml version='1.0' encoding='zlib'?><d/>",
    "NUL": lambda _: b"<d>\0</d>",
    "NUL behind it": lambda _: b"<d/>\0",
    "control character": lambda _: b"<d a='\x01'/>",
    "U+FFFE": lambda _: "<d>\ufffe</d>".encode(),
    "control character by number": lambda _: b"<d>&#1;</d>",
    "surrogate by number": lambda _: b"<d>&#xD800;</d>",
    "surrogate in utf-8": lambda _: b"<d>\xed\xa0\x80</d>",
    "overlong utf-8": lambda _: b"<d>\xc0\xbc</d>",
    "truncated": lambda _: b"<domain><name>web",
    "truncated in a character": lambda _: "<d>ä".encode()[:-1],
    "empty": lambda _: b"",
    "no XML": lambda _: b"memory: 2GiB\n",
    "two roots": lambda _: b"<d/><d/>",
    "an attribute twice": lambda _: b"<d a='1' a='2'/>",
    "a prefix of nothing": lambda _: b"<x:d/>",
}
TAKEN: dict[str, Callable[[Path], bytes]] = {
    "XInclude": lambda secret: (
        "<d xmlns:xi='http://www.w3.org/2001/XInclude'>"
        f"<xi:include href='file://{secret}' parse='text'/></d>"
    ).encode(),
    "stylesheet": lambda secret: f"<?xml-stylesheet href='file://{secret}'?><d/>".encode(),
    "schema": lambda secret: (
        "<d xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
        f"xsi:noNamespaceSchemaLocation='file://{secret}'/>"
    ).encode(),
    "as many elements as may be": lambda _: b"<d>" + b"<a/> " * 499_000 + b"</d>",
    "as many attributes as may be": lambda _: (
        b"<d>" + b"<a b='1' c='2' d='3' e='4'/>" * 99_000 + b"</d>"
    ),
    "as many attributes of one element as may be": lambda _: (
        b"<d " + b" ".join(b"a%d=''" % number for number in range(499_000)) + b"/>"
    ),
    "as many namespaces as may be": lambda _: (
        b"<d " + b" ".join(b"xmlns:a%d='%d'" % (number, number) for number in range(200_000)) + b">"
        + b"".join(b"<a%d:e/>" % number for number in range(200_000)) + b"</d>"
    ),
    "as long as may be": lambda _: b"<d>" + (b"<a>" + b" x" * 4_900_000 + b"</a>") * 3 + b"</d>",
    "as long as may be, in attributes": lambda _: (
        b"<d>" + (b"<a b='" + b"x" * 9_900_000 + b"'/>") * 3 + b"</d>"
    ),
    "as long as may be, in gb18030": lambda _: (
        "<?xml version='1.0' encoding='gb18030'?><d>" + f"<a>{'x' * 5_000_000}</a>" * 3 + "\U0001f600</d>"
    ).encode("gb18030"),
    "250 levels": lambda _: b"<d>" * 250 + b"</d>" * 250,
}  # fmt: skip


def _made(folder: Path, make: Callable[[Path], bytes]) -> tuple[str, float]:
    """Read the document that *make* makes; return what became of it, and the seconds that it took."""
    secret = folder / "secret"
    secret.write_text("SECRET\n")
    document = folder / "document.xml"
    document.write_bytes(make(secret))
    return _read(document)


def _read(document: Path) -> tuple[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", _READER, str(document)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said, took = done.stdout.split()
    return said, float(took)


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_hostile_is_refused(tmp_path: Path, make: Callable[[Path], bytes]) -> None:
    """With the library's own error, without a byte of another file, in a second and 200 MB."""
    said, took = _made(tmp_path, make)
    assert said == "refused"
    assert took < _SECONDS


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN.keys())
def test_what_reaches_out_does_not(tmp_path: Path, make: Callable[[Path], bytes]) -> None:
    """It is an element like any other; and the largest documents that are taken stay within bounds."""
    said, took = _made(tmp_path, make)
    assert said == "taken"
    assert took < _SECONDS


def test_of_a_large_file_little_is_read(tmp_path: Path) -> None:
    """200 MB are refused, as is a device that never ends."""
    document = tmp_path / "large.xml"
    document.touch()
    os.truncate(document, 200_000_000)
    assert _read(document)[0] == "refused"
    assert _read(Path("/dev/zero"))[0] == "refused"
