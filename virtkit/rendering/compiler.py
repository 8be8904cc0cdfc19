"""Faster code for trusted templates, where virtkit knows more than Jinja2 can.

Templates ask of a spec again and again whether a field is none, and write fields. Jinja2 calls a function
for each of these steps, for it cannot know what it has before it. Here ``is none`` becomes Python's ``is
None``, what is written goes through one function in place of three, and in virtkit's own templates, which
read nothing but objects, ``disk.target`` is Python's ``disk.target``.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from markupsafe import Markup, _escape_inner

from virtkit.rendering.escape import _odd, finalize
from virtkit.rendering.places import shipped


def written(value: Any) -> str:
    """Return *value* as it stands in XML."""
    kind = type(value)
    if kind is str:
        if value.isalnum():
            return value
        if _odd(value) is None:
            return _escape_inner(value)
    elif kind is Markup:
        return value
    elif kind is int:
        return str(value)
    value = finalize(value)
    return value if type(value) is Markup else _escape_inner(str(value))


def invoke(macro: Any, *args: Any) -> str:
    """Return what *macro* writes, as XML."""
    if type(macro) is Macro and macro._argument_count == len(args):
        if not (macro.caller or macro.catch_kwargs or macro.catch_varargs):
            return macro._func(*args)
    return macro(*args)


class Compiler(CodeGenerator):
    """Writes the Python of a trusted template."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._own = self.filename is not None and self.filename.startswith(str(shipped()))
        self._macros: set[str] = set()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        if self._own:
            self._macros = {macro.name for macro in node.find_all(nodes.Macro)}
            for imported in node.find_all(nodes.FromImport):
                self._macros.update(name if isinstance(name, str) else name[1] for name in imported.names)
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        if not self._own:
            super().visit_Getattr(node, frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:
        if node.name != "none":
            super().visit_Test(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")

    def _is_macro(self, node: nodes.Expr) -> bool:
        return (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name in self._macros
            and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        )

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not self._is_macro(node):
            self.write("environment.written(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not self._is_macro(node):
            self.write(")")

    def visit_Call(self, node: nodes.Call, frame: Frame, **options: Any) -> None:
        if options or not self._is_macro(node):
            super().visit_Call(node, frame, **options)
            return
        self.write("environment.invoke(")
        self.visit(node.node, frame)
        for argument in node.args:
            self.write(", ")
            self.visit(argument, frame)
        self.write(")")
