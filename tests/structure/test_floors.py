"""The house stands: a package imports only from the floors below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import virtkit

PACKAGE = Path(virtkit.__file__).parent
FLOORS: dict[str, int] = {
    "errors": 0,
    "units": 0,
    "clock": 0,
    "tree": 0,
    "spec": 1,
    "model": 1,
    "rendering": 2,
    "binding": 2,
    "fake": 2,
    "seed": 2,
    "host": 3,
    "plan": 4,
    "fleet": 5,
    "cli": 6,
    "ansible": 6,
    "testing": 6,
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The package, or the module of the ground floor, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Each module that a file imports, anywhere in it, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute"
            module = node.module or ""
            yield node.lineno, module
            if module == "virtkit":
                yield from ((node.lineno, f"virtkit.{alias.name}") for alias in node.names)


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    """Also inside functions and under TYPE_CHECKING; packages on one floor do not know each other."""
    part = part_of(path)
    if part == "__init__":
        return  # the face: it names what the floors hold
    assert part in FLOORS, f"{part} has no floor yet"
    for line, module in imported(path):
        if not module.startswith("virtkit."):
            continue
        other = module.split(".")[1]
        if other in FLOORS and other not in {part, "errors"}:
            assert FLOORS[other] < FLOORS[part], f"{name_of(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_binding_imports_libvirt(path: Path) -> None:
    """There is one door to libvirt-python."""
    if part_of(path) == "binding":
        return
    doors = [line for line, module in imported(path) if module.split(".")[0] in {"libvirt", "libvirtmod"}]
    assert not doors, f"{name_of(path)} imports libvirt at line {doors}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_clock_knows_the_time(path: Path) -> None:
    """Whatever waits or measures asks virtkit.clock, so that tests can hold it."""
    if path.name == "clock.py" and path.parent == PACKAGE:
        return
    for line, module in imported(path):
        assert module != "time", f"{name_of(path)}:{line} imports time"


def test_relative_names_of_one_floor_are_no_loophole() -> None:
    """By string, at run time, only the binding finds the fake; packages load late what is in themselves."""
    by_string = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                by_string.add(name_of(path))
    scripts = {name for name in by_string if "/_generate" in name}  # run by hand, on the real libvirt
    real_class = "fake/errors.py"  # where libvirt-python is installed, its libvirtError is the fake's
    stand_ins = {"fake/libvirtmod.py", "fake/shim/libvirt.py", "fake/shim/libvirtmod.py"}  # load the fake
    renders = "spec/domain.py"  # DomainSpec.from_document: what it makes is proved by rendering it
    own = {"__init__.py", "host/__init__.py", "model/__init__.py", "cli/commands/__init__.py"}
    assert by_string <= {*own, *scripts, *stand_ins, "binding/loading.py", real_class, renders}, by_string
