"""What applications keep with a domain or a network."""

from __future__ import annotations

from lxml import etree

from virtkit import tree
from virtkit.model import nodes, order
from virtkit.model.views import View


class Metadata(View):
    """What applications keep with a domain or network: one element for each, in a namespace of its own."""

    TAG = "metadata"

    def get(self, uri: str) -> etree._Element | None:
        """The element in the namespace *uri*, or None."""
        found = self.found
        inside = nodes.children(found) if found is not None else []
        return next((each for each in inside if etree.QName(each).namespace == uri), None)

    def set(self, source: tree.Source) -> None:
        """Put an element, which must have a namespace, in the place of the one in the same namespace.

        Raises:
            ValueError: it has no namespace.
        """
        element = nodes.copy(tree.parse(source, "metadata"))
        uri = etree.QName(element).namespace
        if uri is None:
            raise ValueError(f"metadata <{nodes.tag(element)}> has no XML namespace: libvirt drops it")
        present = self.get(uri)
        if present is not None:
            order.remove(present)
        order.place(self.element, element)

    def remove(self, uri: str) -> None:
        """Remove the element in the namespace *uri*, if there is one."""
        present = self.get(uri)
        if present is not None:
            order.remove(present)
            self.prune()
