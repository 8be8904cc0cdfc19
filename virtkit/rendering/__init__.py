"""From specs and Jinja2 templates to libvirt XML.

`render` writes a spec, a ready machine or a template of your own; `catalogue` lists the templates with their
variables. What a variable holds stays in its place: it reads back as it was, or is refused.
"""

from virtkit.rendering.catalogue import TemplateInfo, Variable, catalogue
from virtkit.rendering.engine import render
from virtkit.rendering.places import shipped

__all__ = ["TemplateInfo", "Variable", "catalogue", "render", "shipped"]
