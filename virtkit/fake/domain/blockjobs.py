"""virDomain: jobs on its disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.block import jobs, requests, state
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import fail_argument

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_COPY = c.VIR_DOMAIN_BLOCK_REBASE_COPY
_ONLY_COPY = (
    c.VIR_DOMAIN_BLOCK_REBASE_SHALLOW
    | c.VIR_DOMAIN_BLOCK_REBASE_REUSE_EXT
    | c.VIR_DOMAIN_BLOCK_REBASE_COPY_RAW
    | c.VIR_DOMAIN_BLOCK_REBASE_COPY_DEV
)


class BlockJobs(DomainBase):
    """Pull, rebase, commit, copy; the job on a disk, its speed and its end."""

    @domain_call("virDomainBlockPull")
    def blockPull(
        self, session: Session, record: DomainRecord, disk: str, bandwidth: int = 0, flags: int = 0
    ) -> int:
        requests.pull(self._host, session, record, disk, None, bandwidth, flags)
        return 0

    def _rebase_request(self, disk: str, base: str | None, bandwidth: int = 0, flags: int = 0) -> None:
        """Refuse what the public function refuses."""
        function = "virDomainBlockRebase"
        if flags & _COPY:
            if base is None:
                message = f"base in {function} must not be NULL"
                fail_argument(c.VIR_FROM_DOMAIN, message, function, "base")
        elif flags & _ONLY_COPY:
            fail_argument(c.VIR_FROM_DOMAIN, "use of flags requires a copy job", function, "flags")

    @domain_call("virDomainBlockRebase", before="_rebase_request")
    def blockRebase(
        self,
        session: Session,
        record: DomainRecord,
        disk: str,
        base: str | None,
        bandwidth: int = 0,
        flags: int = 0,
    ) -> int:
        if not flags & _COPY or base is None:
            requests.pull(self._host, session, record, disk, base, bandwidth, flags)
            return 0
        in_bytes = flags & c.VIR_DOMAIN_BLOCK_REBASE_BANDWIDTH_BYTES
        speed = requests.bytes_a_second(bandwidth, in_bytes=in_bytes)
        if flags & c.VIR_DOMAIN_BLOCK_REBASE_RELATIVE:
            message = "Relative backing during copy not supported yet"
            self._refuse(message, c.VIR_ERR_ARGUMENT_UNSUPPORTED)
        to = {
            "kind": "block" if flags & c.VIR_DOMAIN_BLOCK_REBASE_COPY_DEV else "file",
            "path": base,
            "format": "raw" if flags & c.VIR_DOMAIN_BLOCK_REBASE_COPY_RAW else "",
        }
        kept = flags & (c.VIR_DOMAIN_BLOCK_REBASE_SHALLOW | c.VIR_DOMAIN_BLOCK_REBASE_REUSE_EXT)
        requests.copy(self._host, session, record, disk, to, speed, kept)
        return 0

    @domain_call("virDomainBlockCommit")
    def blockCommit(
        self,
        session: Session,
        record: DomainRecord,
        disk: str,
        base: str | None,
        top: str | None,
        bandwidth: int = 0,
        flags: int = 0,
    ) -> int:
        requests.commit(self._host, session, record, disk, base, top, bandwidth, flags)
        return 0

    @domain_call("virDomainBlockCopy")
    def blockCopy(
        self,
        session: Session,
        record: DomainRecord,
        disk: str,
        destxml: str,
        params: dict[str, Any] | None = None,
        flags: int = 0,
    ) -> int:
        bandwidth = requests.copy_parameters(params)
        to = requests.destination(destxml)
        requests.copy(self._host, session, record, disk, to, bandwidth, flags)
        return 0

    @domain_call("virDomainGetBlockJobInfo", write=False)
    def blockJobInfo(
        self, session: Session, record: DomainRecord, path: str, flags: int = 0
    ) -> dict[str, int]:
        requests.check_active(record)
        job = state.jobs(record).get(requests.disk_called(record, path).target)
        if job is None:
            return {}
        cur, end = jobs.progress(self._host, job)
        speed = job["bandwidth"]
        if not flags & c.VIR_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES:
            speed = -(-speed >> 20)
        return {"type": job["type"], "bandwidth": speed, "cur": cur, "end": end}

    @domain_call("virDomainBlockJobSetSpeed")
    def blockJobSetSpeed(
        self, session: Session, record: DomainRecord, disk: str, bandwidth: int, flags: int = 0
    ) -> int:
        in_bytes = flags & c.VIR_DOMAIN_BLOCK_JOB_SPEED_BANDWIDTH_BYTES
        speed = requests.bytes_a_second(bandwidth, in_bytes=in_bytes)
        requests.check_active(record)
        target = requests.disk_called(record, disk).target
        jobs.set_speed(self._host, session, record, target, speed)
        return 0

    @domain_call("virDomainBlockJobAbort")
    def blockJobAbort(self, session: Session, record: DomainRecord, disk: str, flags: int = 0) -> int:
        requests.check_active(record)
        target = requests.disk_called(record, disk).target
        jobs.of_disk(record, target)
        if flags & c.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT:
            jobs.pivot(self._host, session, record, target)
        else:
            jobs.cancel(self._host, session, record, target)
        return 0
