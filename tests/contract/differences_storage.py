"""Where the test driver's pools and volumes are not like those of libvirt's storage driver."""

from __future__ import annotations

from tests.contract.difference import Difference

TEST = 12  # VIR_FROM_TEST
_OWN = "its own check, with its own words"
_ACTIVE = "Requested operation is not valid: storage pool '{name}' is active"
_NO_SUPPORT = "this function is not supported by the connection driver"
_NO_FILES = "it has no files, only numbers"

STORAGE: dict[str, Difference] = {
    "pool create active": Difference((55, TEST, _ACTIVE), _OWN),
    "pool build active": Difference((55, TEST, _ACTIVE), _OWN),
    "pool delete active": Difference((55, TEST, _ACTIVE), _OWN),
    "pool undefine active": Difference((55, TEST, _ACTIVE), _OWN),
    "pool setAutostart transient": Difference((8, TEST, "invalid argument: pool has no config file"), _OWN),
    "pool listAllVolumes inactive": Difference(
        (55, TEST, "Requested operation is not valid: storage pool is not active"), "it forgets the name"
    ),
    "pool gone": Difference(
        "Storage pool not found: no storage pool with matching name '{name}'", "it looks for the name"
    ),
    "pool gone by uuid": Difference(
        "Storage pool not found: no storage pool with matching uuid '{uuid}'", "it has no name there"
    ),
    "inactive capacity": Difference(100 << 30, "every pool has 100 GiB, active or not"),
    "persistent after createXML": Difference(0, "it takes the definition for one of a transient pool"),
    "volumes after start": Difference(["v"], "it never forgets them"),
    "events of createXML": Difference(["STARTED"], "nothing is built"),
    "no key": Difference(
        "Storage volume not found: no storage vol with matching key '/nonexistent'", "other quotes"
    ),
    "volume exists": Difference((9, TEST, "operation failed: storage vol already exists"), _OWN),
    "clone exists": Difference((9, TEST, "operation failed: storage vol already exists"), _OWN),
    "volume too big": Difference(
        (1, TEST, "internal error: Not enough free space in pool for volume 'big'"), _OWN
    ),
    "volume in a folder": Difference(None, _NO_FILES),
    "volume without capacity": Difference(None, _NO_FILES),
    "pool without folder": Difference(None, _NO_FILES),
    "pool delete twice": Difference(None, _NO_FILES),
    "raw with backing": Difference(None, _NO_FILES),
    "backing is missing": Difference(None, _NO_FILES),
    "clone's capacity": Difference(1 << 20, "it takes the document's word for it"),
    "find dir": Difference(
        (1, TEST, "internal error: unknown storage pool type dir"), "it takes the first type for none"
    ),
    "find bogus": Difference(
        (3, TEST, f"{_NO_SUPPORT}: pool type 'bogus' does not support source discovery"),
        "it does not look",
    ),
    "list flags function": Difference("testConnectListAllStoragePools", "the name of its C functions"),
}
