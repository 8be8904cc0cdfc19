"""The numbers are libvirt's: the same in the fake, and in libvirt-python where it is installed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from virtkit.binding import constants

if TYPE_CHECKING:
    from enum import IntEnum
    from types import ModuleType

PREFIXES = {
    constants.XMLFlags: "VIR_DOMAIN_XML_",
    constants.Start: "VIR_DOMAIN_START_",
    constants.Shutdown: "VIR_DOMAIN_SHUTDOWN_",
    constants.Define: "VIR_DOMAIN_DEFINE_",
    constants.Undefine: "VIR_DOMAIN_UNDEFINE_",
    constants.Stats: "VIR_DOMAIN_STATS_",
    constants.Migrate: "VIR_MIGRATE_",
    constants.JobType: "VIR_DOMAIN_JOB_",
    constants.JobStats: "VIR_DOMAIN_JOB_STATS_",
    constants.EventID: "VIR_DOMAIN_EVENT_ID_",
    constants.Lifecycle: "VIR_DOMAIN_EVENT_",
    constants.ErrorDomain: "VIR_FROM_",
    constants.ErrorCode: "VIR_ERR_",
}


@pytest.fixture(params=["virtkit.fake", "libvirt"])
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Both modules with libvirt's constants."""
    pytest.importorskip(request.param)
    return importlib.import_module(request.param)


@pytest.mark.parametrize("enum", PREFIXES, ids=lambda enum: enum.__name__)
def test_numbers_are_libvirts(module: ModuleType, enum: type[IntEnum]) -> None:
    """Each member that the module knows has the module's number."""
    known = 0
    for member in enum:
        name = PREFIXES[enum] + member.name
        if hasattr(module, name):
            known += 1
            assert getattr(module, name) == member.value, name
    assert known, f"{module.__name__} knows none of {enum.__name__}"


def test_parameter_names_are_libvirts(module: ModuleType) -> None:
    """Migration parameters go by libvirt's names."""
    for name, value in vars(constants.MigrateParameter).items():
        if name.isupper():
            libvirts = {"DISKS": "MIGRATE_DISKS"}.get(name, name)
            assert getattr(module, f"VIR_MIGRATE_PARAM_{libvirts}") == value


def test_every_error_number_is_known(module: ModuleType) -> None:
    """Nothing in the module's VIR_ERR_* is missing from virtkit's table."""
    levels = {"VIR_ERR_NONE", "VIR_ERR_WARNING", "VIR_ERR_ERROR"}
    numbers = {code.value for code in constants.ErrorCode}
    for name in dir(importlib.import_module(module.__name__)):
        if name.startswith("VIR_ERR_") and name not in levels:
            assert getattr(module, name) in numbers, name
