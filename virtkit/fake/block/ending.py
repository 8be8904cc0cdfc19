"""What becomes of a domain's block jobs when it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.block import state

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


def domain_stopped(host: Host, session: Session, record: DomainRecord) -> None:
    """End *record*'s jobs: none of them is told of, but a backup, which has failed."""
    if state.backup(record) is not None:
        from virtkit.fake.block.backup import give_up

        give_up(host, session, record)
    record.extra.pop("block", None)
