"""What pools and volumes have in common: who may read and write, and when it was."""

from __future__ import annotations

from virtkit.model.fields import Integer, Text
from virtkit.model.values import Octal
from virtkit.model.views import OrderedView


class Permissions(OrderedView):
    """Who may read and write; an owner or group of -1 is whoever it was."""

    TAG = "permissions"
    mode = Octal("mode")
    owner = Integer("owner")
    group = Integer("group")
    label = Text("label")


class Timestamps(OrderedView):
    """When it was read, made, written and changed: seconds since 1970, with nine digits behind a point."""

    TAG = "timestamps"
    atime = Text("atime")
    mtime = Text("mtime")
    ctime = Text("ctime")
    btime = Text("btime")
