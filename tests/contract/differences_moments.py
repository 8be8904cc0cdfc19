"""Where the test driver's snapshots and checkpoints are not like those of libvirt's QEMU driver."""

from __future__ import annotations

from tests.contract.difference import Difference

_NO_GUEST = "it has no guest whose memory it would have to write"

MOMENTS: dict[str, Difference] = {
    "snapshot keeps": Difference([], _NO_GUEST),
    "events of a snapshot": Difference([], _NO_GUEST),
    "state after a snapshot": Difference([1, 1], _NO_GUEST),
    "events of a halt": Difference(["STOPPED_FROM_SNAPSHOT"], _NO_GUEST),
    "revert over a managed save": Difference(None, "it has no disks to fear for"),
    "snapshot while there are checkpoints": Difference(
        (84, "Operation not supported: cannot create snapshot while checkpoint exists"), "its own check"
    ),
    "id after reverting": Difference(-1, "it tells the object of the snapshot's domain that it was stopped"),
    "checkpoint while there are snapshots": Difference(
        (84, "Operation not supported: cannot create checkpoint while snapshot exists"), "its own check"
    ),
    "checkpoint redefined while off": Difference(
        (84, "Operation not supported: cannot create checkpoint for inactive domain"), "its own check"
    ),
    "checkpoint quiesce": Difference(None, "it has nothing to do for it"),
    "checkpoint deleted while off": Difference(None, "it has no images"),
    "checkpoint size": Difference(None, "it looks for it, and does not show it"),
    "undefine with checkpoints": Difference(None, "it does not look"),
    "bitmap of another name": Difference(None, "it does not look"),
    "checkpoint of a raw image": Difference(None, "it does not look"),
}
