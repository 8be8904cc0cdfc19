"""What one fake host knows: domains, their jobs, their saved images, other objects, and what is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    from virtkit.fake.state.document import Document, Facts
    from virtkit.fake.state.job import Job


SAVE_PARAMETERS = frozenset({"file", "dxml"})


@dataclass(slots=True)
class SavedImage:
    """A domain's memory on disk: made by save or managed save."""

    document: Document
    running: bool
    cpu_time: float = 0.0


@dataclass(slots=True)
class DomainRecord:
    """One domain: ``config`` is the inactive document (None: transient), ``live`` the running one."""

    uuid: str
    name: str
    config: Document | None = None
    live: Document | None = None
    id: int = -1
    state: int = 5  # VIR_DOMAIN_SHUTOFF
    reason: int = 0
    autostart: bool = False
    updated: bool = False
    tainted: bool = False
    managed_save: SavedImage | None = None
    started: float = 0.0  # when the guest booted, on the clock's time()
    ran: float = 0.0  # seconds on the CPU before `running_since`
    running_since: float | None = None
    base: Document | None = None  # what the live document was made from
    balloon: int = 0  # KiB the guest has now
    vcpus: int = 0  # online now
    max_speed: int = 0  # MiB/s for migration; 0: unlimited
    max_downtime: int = 300  # ms
    incoming: str = ""  # the cookie of the migration that is bringing it here
    job: Job | None = None
    last_job: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether it has a live side."""
        return self.id != -1

    @property
    def document(self) -> Document:
        """The live document when active, else the inactive one."""
        found = self.live if self.live is not None else self.config
        assert found is not None  # noqa: S101
        return found

    @property
    def inactive(self) -> Document:
        """The document of the next start; of a transient domain, the live one."""
        found = self.config if self.config is not None else self.live
        assert found is not None  # noqa: S101
        return found

    def leave_behind(self) -> None:
        """Make it transient, as undefining an active domain does: what it was is still shown."""
        if self.config is not None:
            self.extra["left behind"] = self.config.text()
            self.config = None

    @property
    def never_defined(self) -> bool:
        """Whether it is transient, and was from the start."""
        return self.config is None and "left behind" not in self.extra

    @property
    def left_behind(self) -> Document | None:
        """The inactive document of a domain that was undefined while it ran."""
        text = None if self.config is not None else self.extra.get("left behind")
        if text is None:
            return None
        from virtkit.fake.state.document import Document

        return Document(text=text)

    def shown_inactive(self) -> Document:
        """What is shown as the inactive document: of a transient domain, what starting did not add."""
        found = self.config or self.left_behind
        if found is None:
            from virtkit.fake.fill.views import as_inactive

            found = self.document.edited(as_inactive, self.facts)
        return found

    def inactive_of_live(self) -> Document:
        """The document from which the live side would start again."""
        return self.base if self.base is not None else self.inactive

    @property
    def facts(self) -> Facts:
        """What lifecycle calls need of the document in force."""
        return self.document.facts()

    def cpu_seconds(self, now: float) -> float:
        """How long the guest has computed, in seconds."""
        since = self.running_since
        return self.ran + (now - since if since is not None else 0.0)


@dataclass
class Stored:
    """Anything but a domain that a host keeps: a network, a pool, a volume, a secret, a snapshot.

    Subclasses are dataclasses of plain data (what JSON can hold), each with a ``kind`` of its own. A
    record that a call got from its session is kept as the call leaves it.

    Attributes:
        key: what tells it from others of its kind: the UUID, as a rule; of a volume, its path.
    """

    kind: ClassVar[str] = ""
    key: str


class Event(NamedTuple):
    """Something to tell: *number* is the VIR_*_EVENT_ID_* of its family, *arguments* what its callback gets.

    *uuid* is the key of what it is about; *family* is ``domain``, ``network``, ``pool``, ``nodedev`` or
    ``secret``.
    """

    number: int
    name: str
    uuid: str
    id: int
    arguments: tuple[Any, ...]
    family: str = "domain"


class Due(NamedTuple):
    """Something that happens to a domain by itself at a time."""

    when: float
    order: int
    action: str
    uuid: str
    detail: str
