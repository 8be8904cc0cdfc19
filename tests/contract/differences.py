"""Where libvirt's test driver answers otherwise than its QEMU driver, each with the reason.

The tests state what QEMU does. A key of this table that they ask for is answered by the table when the
test driver (or the fake that stands for it) is the one that is asked. Nothing else may differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contract.difference import Difference
from tests.contract.differences_asking import ASKING
from tests.contract.differences_moments import MOMENTS
from tests.contract.differences_network import NETWORK
from tests.contract.differences_resources import RESOURCES
from tests.contract.differences_storage import STORAGE

if TYPE_CHECKING:
    from tests.contract.driver import Driver

INTERNAL, ARGUMENT, UNSUPPORTED, INVALID = 1, 8, 3, 55
RUNNING = 1


_NOT_RUNNING = "internal error: domain '{name}' not running"
_NO_STEPS = "it has no process whose start, stop or pause it could tell of"

DIFFERENCES: dict[str, Difference] = {
    **ASKING,
    **MOMENTS,
    **NETWORK,
    **RESOURCES,
    **STORAGE,
    "create running": Difference(
        (INTERNAL, "internal error: Domain '{name}' is already running"), "its own check, with its own code"
    ),
    "create paused": Difference(
        (INTERNAL, "internal error: Domain '{name}' is already running"), "its own check, with its own code"
    ),
    "shutdown off": Difference((INTERNAL, _NOT_RUNNING), "its own check, with its own code"),
    "suspend off": Difference((INTERNAL, _NOT_RUNNING), "its own check, with its own code"),
    "suspend paused": Difference((INTERNAL, _NOT_RUNNING), "it takes paused for not running"),
    "resume off": Difference(
        (INTERNAL, "internal error: domain '{name}' not paused"), "its own check, with its own code"
    ),
    "resume running": Difference(
        (INTERNAL, "internal error: domain '{name}' not paused"), "its own check, with its own code"
    ),
    "shutdown paused": Difference(None, "no guest that would have to run to hear of it"),
    "undefine transient": Difference(None, "it does not look"),
    "setAutostart transient": Difference(None, "it does not look"),
    "managedSaveRemove off": Difference(None, "there is no file that could be missing"),
    "managed save, then rename": Difference(None, "its image does not carry the name"),
    "id of a transient domain that stopped": Difference("as before", "it forgets an id with a definition"),
    "events of create": Difference(["STARTED_BOOTED"], _NO_STEPS),
    "events of destroy": Difference(["STOPPED_DESTROYED"], _NO_STEPS),
    "events of save": Difference(["STOPPED_SAVED"], _NO_STEPS),
    "events of restore": Difference(["STARTED_RESTORED"], _NO_STEPS),
    "events of a saved start": Difference(["STARTED_BOOTED"], "it drops the image and boots"),
    "state of a saved start": Difference([RUNNING, 1], "it drops the image and boots"),
    "state of a restored pause": Difference([RUNNING, 3], "it forgets that the domain was paused"),
    "events of createXML": Difference(["STARTED_BOOTED"], _NO_STEPS),
    "state of a reboot": Difference([RUNNING, 1], "it counts a reboot as a start"),
    "events of a reset": Difference([], "a reset does nothing"),
    "define over transient": Difference("DEFINED_ADDED", "it looks for a definition, not for the domain"),
    "lookup by name": Difference("Domain not found", "it does not say what it looked for"),
    "lookup by id": Difference("Domain not found", "it does not say what it looked for"),
    "lookup by uuid": Difference("Domain not found", "it does not say what it looked for"),
    "no such callback": Difference(
        "invalid argument: could not find event callback 999 for deletion", "it has no remote driver between"
    ),
    "function prefix": Difference("test", "the name of its C functions"),
    "restore nothing": Difference(
        "cannot read domain image '/nonexistent/image': No such file or directory", "its own words"
    ),
    "type": Difference("Test", "its name"),
    "type of a connection": Difference("TEST", "its name, in capitals here"),
    "a second close callback": Difference(None, "it is no daemon that could be gone: it keeps none"),
    "a close callback that there is not": Difference(None, "it is no daemon that could be gone"),
}


def expected(driver: Driver, key: str, answer: Any) -> Any:
    """Return what *driver* is to answer to *key*: QEMU's *answer*, or the table's."""
    if driver.family == "test" and key in DIFFERENCES:
        return DIFFERENCES[key].answer
    return answer
