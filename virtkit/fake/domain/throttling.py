"""virDomain: how fast disks and network interfaces may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.tuning import Tuning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_ARGUMENT = c.VIR_ERR_INVALID_ARG


class Throttling(Tuning):
    """blockIoTune, setBlockIoTune, interfaceParameters, setInterfaceParameters."""

    @domain_call("virDomainGetBlockIoTune", write=False)
    def blockIoTune(
        self, session: Session, record: DomainRecord, disk: str, flags: int = 0
    ) -> dict[str, Any]:
        from virtkit.fake.tuning import throttles

        tree, live = self._side(record, flags)
        return throttles.block(self._throttled(tree, disk, live=live))

    def _throttled(
        self, tree: etree._Element, path: str, *, live: bool, setting: bool = False
    ) -> etree._Element:
        from virtkit.fake.tuning import throttles

        disk = throttles.disk_of(tree, path)
        if disk is None:
            if live and self._host.personality.guest_decides:
                message = f"disk '{path}' not found in domain"
            elif setting:
                message = f"missing persistent configuration for disk '{path}'"
            else:
                message = f"disk '{path}' was not found in the domain config"
            self._refuse(message, _ARGUMENT)
        return disk

    def _throttle_given(self, disk: str, params: Any, flags: int = 0) -> None:
        from virtkit.fake.tuning import throttles, typed

        if not isinstance(params, dict):
            raise TypeError("BlockIoTune params must be a dictionary")
        typed.guessed(params, throttles.BLOCK)

    @domain_call("virDomainSetBlockIoTune", before="_throttle_given")
    def setBlockIoTune(
        self, session: Session, record: DomainRecord, disk: str, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import edits, throttles, typed

        source = self._host.personality.source
        typed.check(params, throttles.BLOCK)
        if not self._host.personality.guest_decides:
            self._throttle_test(record, disk, params, flags)
            return 0
        live, config = self._sides(record, flags)
        throttles.check_block(params, source)
        running: dict[str, Any] = {}
        defined: dict[str, Any] = {}
        if live:
            tree = record.document.tree()
            found = self._throttled(tree, disk, live=True, setting=True)
            running = throttles.merged(tree, found, params)
            throttles.check_group(found, running, source)
            throttles.check_bursts(running, source)
        if config and record.config is not None:
            tree = record.config.tree()
            found = self._throttled(tree, disk, live=False, setting=True)
            defined = throttles.merged(tree, found, params)
            throttles.check_group(found, defined, source)
        edits.apply(record, lambda each: throttles.put_block(each, disk, running), live=live, config=False)
        edits.apply(record, lambda each: throttles.put_block(each, disk, defined), live=False, config=config)
        if live:
            told = {"blkdeviotune.disk": disk, **{f"blkdeviotune.{name}": params[name] for name in params}}
            power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_TUNABLE, told)
        return 0

    def _throttle_test(self, record: DomainRecord, path: str, params: Mapping[str, Any], flags: int) -> None:
        """Set limits as the test driver does: with rules of its own for bursts."""
        from virtkit.fake.tuning import edits, throttles

        source = self._host.personality.source
        tree, live = self._side(record, flags)
        info = {**throttles.block(self._throttled(tree, path, live=live, setting=True)), **params}
        throttles.check_block(params, source)
        throttles.check_totals(info, source)
        for name in throttles.RATES:
            if info[name] > info[f"{name}_max"]:
                self._refuse(f"{name} cannot be set higher than {name}_max ", _ARGUMENT)
        edits.apply(record, lambda each: throttles.put_block(each, path, info), live=live, config=not live)

    @domain_call("virDomainGetInterfaceParameters", write=False)
    def interfaceParameters(
        self, session: Session, record: DomainRecord, device: str, flags: int = 0
    ) -> dict[str, int]:
        from virtkit.fake.tuning import throttles

        tree, _ = self._side(record, flags)
        return throttles.interface(throttles.interface_of(tree, device))

    def _shape_given(self, device: str, params: Any, flags: int = 0) -> None:
        self._given("virDomainGetInterfaceParameters", params, flags)

    @domain_call("virDomainSetInterfaceParameters", before="_shape_given")
    def setInterfaceParameters(
        self, session: Session, record: DomainRecord, device: str, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import edits, throttles, typed

        tree, live = self._side(record, flags)
        found = throttles.interface_of(tree, device)
        given = typed.like(params, throttles.INTERFACE)
        if self._host.personality.guest_decides:
            throttles.check_interface(found, given, self._host.personality.source, live=live)
        place = tree.findall("devices/interface").index(found)
        edits.apply(
            record, lambda each: throttles.put_interface(each, place, given), live=live, config=not live
        )
        return 0
