"""The Jinja2 environments: made once for each set of template folders, and kept."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined, Template
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import SandboxedEnvironment

from virtkit import __version__
from virtkit.rendering.compiler import Compiler, invoke, written
from virtkit.rendering.devices import functions
from virtkit.rendering.escape import FILTERS, finalize
from virtkit.rendering.job import LazyContext, domain_type, spec
from virtkit.rendering.places import Loader, is_shipped

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from jinja2.bccache import Bucket


class Trusted(Environment):
    """For templates that the caller answers for."""

    context_class = LazyContext
    # The compiler builds on the insides of Jinja2 3.1; with another one templates render more slowly.
    code_generator_class = Compiler if jinja2.__version__.startswith("3.1.") else CodeGenerator
    written = staticmethod(written)
    invoke = staticmethod(invoke)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._unchanging: dict[str, Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals for a template: those of all templates, where it has none of its own."""
        return self.globals if d is None else super().make_globals(d)

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's name
    ) -> Template:
        """Return a template; those that cannot change (virtkit's own) without a look at the disk."""
        if globals is None and isinstance(name, str) and name in self._unchanging:
            return self._unchanging[name]
        template = super().get_template(name, parent, globals)
        if globals is None and isinstance(name, str) and is_shipped(template.filename):
            self._unchanging[name] = template
        return template


class Guarded(SandboxedEnvironment):
    """For templates in a user's folders: Jinja2's own sandbox keeps them away from Python's insides."""

    context_class = LazyContext


class _Cache(FileSystemBytecodeCache):
    """virtkit's own templates, compiled, on disk: compiling them takes longer than all the rest of a command.

    Templates of users are not kept, for nobody would ever clear them away. A full or read-only disk is
    no reason to fail.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of the file; empty for templates that are not kept."""
        return super().get_cache_key(name, filename) if is_shipped(filename) else ""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template, if there is one."""
        if bucket.key:
            with contextlib.suppress(OSError):
                super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template, if that is possible."""
        if bucket.key:
            with contextlib.suppress(OSError):
                super().dump_bytecode(bucket)


@lru_cache(maxsize=32)
def environment(folders: tuple[Path, ...] = (), *, trusted: bool | None = None) -> tuple[Environment, Loader]:
    """Return the environment for templates in *folders* and virtkit's own, and its loader."""
    loader = Loader(folders, confined=trusted is False)
    made: Environment
    if trusted or (trusted is None and not folders):
        made = Trusted(loader=loader, bytecode_cache=_cache("trusted"), **_OPTIONS)
    elif trusted is None:
        made = Guarded(loader=loader, bytecode_cache=_cache("guarded"), **_OPTIONS)
    else:
        from virtkit.rendering.sandbox import Sandbox

        made = Sandbox(loader=loader, optimized=False, **_OPTIONS)
        made.context_class = LazyContext
    made.filters.update(FILTERS)
    made.globals.pop("lipsum", None)
    made.globals.update(functions(made), spec=spec, domain_type=domain_type)
    return made, loader


_OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "finalize": finalize,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "cache_size": 400,
}


def _cache(kind: str) -> _Cache | None:
    """Return the cache of compiled templates: in a folder that nobody else can write to, or none."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
        # what is compiled calls virtkit's functions, and another virtkit may have others
        folder = base / "virtkit" / f"{__version__}-jinja2-{jinja2.__version__}-{kind}"
        if base.is_dir() and base.stat().st_uid != os.geteuid():  # sudo keeps HOME
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # RuntimeError: no home
        return None
    safe = status.st_uid == os.geteuid() and not status.st_mode & 0o022
    return _Cache(str(folder)) if safe and os.access(folder, os.W_OK) else None
