"""Where templates are, and how they are found by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from jinja2 import BaseLoader, Environment, TemplateNotFound
from jinja2.loaders import split_template_path

SUFFIX = ".xml.j2"
MACHINES = "machines"
SHIPPED_PREFIX = "virtkit/"
_PACKAGE = Path(__file__).parent.parent

Loaded = tuple[str, str, Callable[[], bool] | None]


def shipped() -> Path:
    """Return the folder of virtkit's own templates: in the wheel, or beside the package in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def is_shipped(filename: str | None) -> bool:
    """Return whether the file of a template is one of virtkit's own."""
    return filename is not None and Path(filename).is_relative_to(shipped())


class Loader(BaseLoader):
    """Looks in the given folders, in order, then in virtkit's own.

    A user's file of the same name therefore takes the place of a shipped one; ``virtkit/NAME`` is always
    the shipped one, so that a replacement can still extend it.

    With *confined*, files that are no templates, or lie outside of the folder behind a symbolic link,
    are not there.
    """

    def __init__(self, folders: Iterable[Path], *, confined: bool = False) -> None:
        self.own = shipped()
        self.folders = (*folders, self.own)
        self.confined = confined
        self._resolved: set[str] = set()

    def get_source(self, environment: Environment, template: str) -> Loaded:  # noqa: ARG002
        """Return text, path and a test of whether it is still the newest, as Jinja2 wants it.

        *template* may be short here as well: ``{% extends "linux" %}``.
        """
        path = self.find(self.resolve(template) or template)
        if path is None:
            raise TemplateNotFound(template)
        text = path.read_text(encoding="utf-8")
        if path.is_relative_to(self.own):
            return text, str(path), None
        changed = path.stat().st_mtime_ns
        return text, str(path), lambda: path.exists() and path.stat().st_mtime_ns == changed

    def find(self, name: str) -> Path | None:
        """Return the file that *name* stands for, or None. It never leaves the folders."""
        folders = self.folders
        if name.startswith(SHIPPED_PREFIX):
            name, folders = name.removeprefix(SHIPPED_PREFIX), (self.own,)
        try:
            parts = split_template_path(name)
        except TemplateNotFound:
            return None
        for folder in folders:
            path = folder.joinpath(*parts)
            if parts and _is_file(path) and not (self.confined and _is_out_of_bounds(path, folder)):
                return path
        return None

    def resolve(self, name: str) -> str | None:
        """Return the template's full name for what a person wrote, such as ``linux``, or None."""
        if name in self._resolved:
            return name
        for candidate in (name, f"{name}{SUFFIX}", f"{MACHINES}/{name}{SUFFIX}"):
            path = self.find(candidate)
            if path is not None:
                if len(self.folders) == 1 and candidate == name:  # virtkit's own do not go away
                    self._resolved.add(name)
                return candidate
        return None

    def list_templates(self) -> list[str]:
        """Return the full names of all templates, each once."""
        return sorted({name for folder in self.folders for name in _names(folder)})

    def missing(self, name: str) -> str:
        """Return the message for a template that is not there: where it was sought, and what is near."""
        known = self.list_templates()
        short = {short_name(full): full for full in known}
        near = get_close_matches(short_name(name), short, n=3, cutoff=0.7)
        hint = f"; did you mean {' or '.join(repr(one) for one in near)}?" if near else ""
        if name.lstrip().startswith("<"):
            hint = "; this is XML, not the name of a template"
        elif _is_file(Path(name)):
            hint = f"; for the file of that name pass pathlib.Path({name!r})"
        sought = ", ".join(map(str, self.folders))
        shown = name if len(name) <= 80 else f"{name[:77]}..."
        return f"there is no template {shown!r} (searched in {sought}){hint}"


def short_name(name: str) -> str:
    """Return ``linux`` for ``machines/linux.xml.j2``."""
    return name.rpartition("/")[2].removesuffix(".j2").removesuffix(".xml")


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob(f"*{SUFFIX}"):
        yield path.relative_to(folder).as_posix()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False


def _is_out_of_bounds(path: Path, folder: Path) -> bool:
    return path.suffix != ".j2" or not path.resolve().is_relative_to(folder.resolve())
