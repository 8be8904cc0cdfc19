"""Quicker code for trusted templates, where virtkit knows more than Jinja2 can.

A domain asks its spec some 250 times whether a field is none, and writes some 80 fields. For each of these
steps Jinja2 calls functions, for it cannot know what it has before it. Here ``is none`` becomes Python's
``is None``, and what is written goes through one function in place of three. In virtkit's own templates,
which read attributes of nothing but objects, ``disk.target`` becomes Python's ``disk.target``, and macros
are called without a context. This makes rendering twice as fast. It builds on the insides of Jinja2 3.1: with
another version it is left out (see ``environment.py``). That what is written is the same is tested.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from virtkit.rendering.escape import finalize, is_plain
from virtkit.rendering.places import is_shipped


def written(value: Any) -> str:
    """Return *value* as it stands in XML."""
    kind = type(value)
    if kind is str and is_plain(value):
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    return value if kind is Markup else escape(finalize(value))


def invoke(macro: Any, *arguments: Any) -> str:
    """Return what *macro* writes, which is XML."""
    simple = type(macro) is Macro and macro._argument_count == len(arguments)  # noqa: SLF001
    if simple and not (macro.caller or macro.catch_kwargs or macro.catch_varargs):
        macro = macro._func  # noqa: SLF001
    result: str = macro(*arguments)
    return result


class Compiler(CodeGenerator):
    """Writes the Python of a trusted template."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._own = is_shipped(self.filename)
        self._macros: set[str] = set()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Note which names are macros, and go on."""
        if self._own:
            self._macros = {macro.name for macro in node.find_all(nodes.Macro)}
            for imported in node.find_all(nodes.FromImport):
                self._macros.update(name if isinstance(name, str) else name[1] for name in imported.names)
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame, **options: Any) -> None:  # noqa: N802
        """Write ``object.name``."""
        if not self._own:
            super().visit_Getattr(node, frame, **options)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Test(self, node: nodes.Test, frame: Frame, **options: Any) -> None:  # noqa: N802
        """Write ``(value is None)``."""
        if node.name != "none":
            super().visit_Test(node, frame, **options)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Write the call of a macro without its context."""
        if forward_caller or not self._is_macro(node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.invoke(")
        self.visit(node.node, frame)
        for argument in node.args:
            self.write(", ")
            self.visit(argument, frame)
        self.write(")")

    def _is_macro(self, node: nodes.Expr) -> bool:
        return (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name in self._macros
            and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        )

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002
        if not self._is_macro(node):
            self.write("environment.written(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002
        if not self._is_macro(node):
            self.write(")")
