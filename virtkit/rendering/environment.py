"""The Jinja2 environments: made once for each set of template folders, and kept."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined, Template

from virtkit.rendering.devices import functions
from virtkit.rendering.escape import FILTERS, finalize
from virtkit.rendering.job import LazyContext, domain_type, spec
from virtkit.rendering.places import Loader
from virtkit.rendering.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from jinja2.bccache import Bucket


class Trusted(Environment):
    """For templates that the caller answers for."""

    context_class = LazyContext

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._unchanging: dict[str, Template] = {}

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
        if globals is None and isinstance(name, str) and template._uptodate is None:  # noqa: SLF001
            self._unchanging[name] = template
        return template


class _Cache(FileSystemBytecodeCache):
    """Compiled templates on disk; a full or read-only disk is no reason to fail."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


@lru_cache(maxsize=32)
def environment(folders: tuple[Path, ...] = (), *, trusted: bool = True) -> tuple[Environment, Loader]:
    """Return the environment for templates in *folders* and virtkit's own, and its loader."""
    loader = Loader(folders, confined=not trusted)
    made: Environment
    if trusted:
        made = Trusted(loader=loader, bytecode_cache=_cache(), **_OPTIONS)
    else:
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


def _cache() -> _Cache | None:
    """Return the cache of compiled templates: in a folder that nobody else can write to, or none."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(base).expanduser() / "virtkit" / f"jinja2-{jinja2.__version__}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # RuntimeError: no home
        return None
    safe = status.st_uid == os.geteuid() and not status.st_mode & 0o022
    return _Cache(str(folder)) if safe and os.access(folder, os.W_OK) else None
