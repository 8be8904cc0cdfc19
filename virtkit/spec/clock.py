"""The guest's clock and its timers."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.values import Line, Natural, Positive, matching

TimeZone = Annotated[
    Line, AfterValidator(matching(r"[a-zA-Z0-9_./+-]+", "a time zone such as 'Europe/Paris'"))
]


class TimerSpec(Part):
    """A timer of the guest. A bare string is its name, and switches it on."""

    short: ClassVar[str | None] = "name"

    name: Literal["rtc", "pit", "hpet", "tsc", "kvmclock", "hypervclock", "platform", "armvtimer"]
    """Which one."""
    present: bool | None = None
    """Whether the guest has it."""
    tickpolicy: Literal["delay", "catchup", "merge", "discard"] | None = None
    """What happens to ticks that the guest missed."""
    track: Literal["boot", "guest", "wall", "realtime"] | None = None
    """What rtc and platform follow."""
    frequency: Positive | None = None
    """tsc: its frequency in Hz."""
    mode: Literal["auto", "native", "emulate", "paravirt", "smpsafe"] | None = None
    """tsc: how it is done."""


class ClockSpec(Part):
    """The guest's clock: https://libvirt.org/formatdomain.html#time-keeping. A bare string is the offset."""

    short: ClassVar[str | None] = "offset"

    offset: Literal["utc", "localtime", "timezone", "variable", "absolute"] = "utc"
    """What the clock shows at start. Windows wants localtime."""
    timezone: TimeZone | None = None
    """The zone of offset timezone."""
    adjustment: int | Literal["reset"] | None = None
    """variable: seconds beside the basis."""
    basis: Literal["utc", "localtime"] | None = None
    """variable: what the adjustment is beside."""
    start: Natural | None = None
    """absolute: seconds since 1970."""
    timers: list[TimerSpec] = Field(default_factory=list)
    """Single timers; {hpet: false} is short for switching one off."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """A mapping of timers switches them on and off."""
        value = super().expand(value)
        timers = value.get("timers") if isinstance(value, dict) else None
        if isinstance(timers, dict):
            found = [
                {"name": name, **(rest if isinstance(rest, dict) else {"present": rest})}
                for name, rest in timers.items()
            ]
            return value | {"timers": found}
        return value

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        for key, offsets in (
            ("timezone", ("timezone",)),
            ("adjustment", ("variable", "utc", "localtime")),
            ("basis", ("variable",)),
            ("start", ("absolute",)),
        ):
            if getattr(self, key) is not None and self.offset not in offsets:
                yield key, f"is for offset {' or '.join(offsets)}, and the offset is {self.offset}"
        if self.offset == "timezone" and self.timezone is None:
            yield "timezone", "is required for offset timezone"
        if self.offset == "absolute" and self.start is None:
            yield "start", "is required for offset absolute"
        names = [timer.name for timer in self.timers]
        if len(set(names)) < len(names):
            yield "timers", f"{', '.join(names)} has a timer twice"
