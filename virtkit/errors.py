"""The errors of virtkit, as one tree.

::

    VirtkitError
    ├── SpecError(ValueError)            what a person wrote cannot be built
    ├── DocumentError(ValueError)        libvirt XML
    │   ├── ParseError                   not well-formed, or refused as unsafe
    │   └── SchemaError                  well-formed, but not what libvirt's schema allows
    ├── TemplateError                    a Jinja2 template, or what it rendered
    ├── HostError                        libvirt refused, or could not be asked
    │   ├── BindingMissing(ImportError)  libvirt-python is not installed
    │   ├── NotFound(LookupError)
    │   ├── AlreadyExists
    │   ├── WrongState
    │   ├── NotSupported
    │   ├── Denied(PermissionError)
    │   ├── Disconnected(ConnectionError)
    │   ├── Busy
    │   ├── AgentError
    │   ├── OperationTimeout(TimeoutError)
    │   └── MigrationError               says on which side the guest is now
    │       └── MigrationTimeout         also an OperationTimeout
    ├── JobError                         reserved, with the two below it
    │   ├── JobFailed
    │   └── JobAborted
    ├── WaitTimeout(TimeoutError)        a condition did not come true in time
    ├── PlanError                        reserved, with the two below it
    │   ├── UnsafePlan
    │   └── ApplyError
    └── FleetError                       reserved: some hosts of many failed

Nothing raises the reserved ones yet: they hold the names for jobs that are waited for, plans and fleets.
Each also inherits the builtin that a caller would catch. All of them can be pickled, so that they
pass between processes whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Outcome = Literal["still_on_source", "on_destination", "both_paused"]


class Problem(NamedTuple):
    """One thing that is wrong with an input: where it is, and what it is."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.path}: {self.message}" if self.path else f"{where}{self.message}"


def _rebuild(cls: type[VirtkitError], args: tuple[Any, ...], state: dict[str, Any]) -> VirtkitError:
    error = cls.__new__(cls)
    error.args = args
    for name, value in state.items():
        setattr(error, name, value)
    return error


class VirtkitError(Exception):
    """The root: ``except virtkit.VirtkitError`` catches everything that virtkit raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


class SpecError(VirtkitError, ValueError):
    """A spec is not usable; ``problems`` lists everything that is wrong with it, each with its path."""

    def __init__(self, problems: Iterable[Problem] | str, *, what: str = "domain") -> None:
        found = (Problem("", problems),) if isinstance(problems, str) else tuple(problems)
        self.problems: tuple[Problem, ...] = found
        self.what = what
        super().__init__("; ".join(map(str, found)) if len(found) < 2 else _numbered(what, found))


def _numbered(what: str, problems: tuple[Problem, ...]) -> str:
    lines = "".join(f"\n  {problem}" for problem in problems)
    return f"{len(problems)} problems in the {what} spec:{lines}"


class DocumentError(VirtkitError, ValueError):
    """A libvirt XML document is not usable."""


class ParseError(DocumentError):
    """Text is not well-formed XML, or holds something that is refused (a DTD, entities).

    ``line`` is the line of the text, from 1, where that is known.
    """

    def __init__(self, message: str, *, line: int | None = None) -> None:
        self.line = line
        super().__init__(message)


class SchemaError(DocumentError):
    """A document is well-formed, but libvirt's schema does not allow it; ``problems`` says where."""

    def __init__(self, message: str, *, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message)


class TemplateError(VirtkitError):
    """A template is missing, wrong, or renders something that is not a libvirt document.

    ``template`` is the file and ``line`` its line, from 1, where they are known.
    """

    def __init__(self, message: str, *, template: str | None = None, line: int | None = None) -> None:
        self.template = template
        self.line = line
        where = template or ""
        if line is not None:
            where += f":{line}"
        super().__init__(f"{where}: {message}" if where else message)


class HostError(VirtkitError):
    """libvirt refused an operation, or could not be asked.

    Attributes, each None where it does not apply:
        code: libvirt's ``VIR_ERR_*`` number.
        domain: libvirt's ``VIR_FROM_*`` number: the part of libvirt that spoke.
        uri: the connection.
        operation: what was being done, such as ``"start"``.
        name: the object it was done to.
        hint: what to do about it.

    The ``libvirtError``, if there was one, is its ``__cause__``.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        domain: int | None = None,
        uri: str | None = None,
        operation: str | None = None,
        name: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)  # first: ImportError's own would clear the name
        self.message = message
        self.code = code
        self.domain = domain
        self.uri = uri
        self.operation = operation
        self.name = name
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.operation or "", repr(self.name) if self.name else ""]
        subject = " ".join(part for part in parts if part)
        if self.uri:
            preposition = "to" if subject == "connect" else "on"
            subject = f"{subject} {preposition} {self.uri}" if subject else self.uri
        text = f"{subject}: {self.message}" if subject else self.message
        return f"{text.rstrip('.')}. Hint: {self.hint}" if self.hint else text


class BindingMissing(HostError, ImportError):
    """A real connection was asked for, and libvirt-python is not installed for this Python."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__, "name": self.name})  # C keeps that one


class NotFound(HostError, LookupError):
    """The object is not on this host."""


class AlreadyExists(HostError):
    """Another object has that name or UUID."""


class WrongState(HostError):
    """The operation is not possible in the state that the object is in."""


class NotSupported(HostError):
    """This driver, or this version of libvirt, cannot do it."""


class Denied(HostError, PermissionError):
    """libvirt, or the system below it, does not let this user do it."""


class Disconnected(HostError, ConnectionError):
    """The host could not be reached, or the connection broke.

    After a call that changes something the outcome is unknown: read the state again.
    """


class Busy(HostError):
    """Something else holds the object: another job, another client."""


class AgentError(HostError):
    """The guest agent is not there, or did not do what it was asked."""


class OperationTimeout(HostError, TimeoutError):
    """An operation did not end in time."""


class MigrationError(HostError):
    """A migration failed; ``outcome`` says where the guest is now.

    ``still_on_source``: it runs (or is paused, or off) where it was. ``on_destination``: it has moved,
    although something failed afterwards. ``both_paused``: both sides hold a paused copy, and only
    a person can say which one is to go on.
    """

    def __init__(self, message: str, *, outcome: Outcome, **context: Any) -> None:
        self.outcome: Outcome = outcome
        super().__init__(message, **context)

    def __str__(self) -> str:
        return f"{super().__str__()} [outcome: {self.outcome}]"


class MigrationTimeout(MigrationError, OperationTimeout):
    """A migration did not end within its timeout, and was aborted."""


class JobError(VirtkitError):
    """A long-running job of a domain did not succeed. Reserved: nothing raises it yet."""


class JobFailed(JobError):
    """The job ended with an error. Reserved."""


class JobAborted(JobError):
    """The job was aborted. Reserved."""


class WaitTimeout(VirtkitError, TimeoutError):
    """What was waited for did not come true in time; ``last`` is what was seen last."""

    def __init__(self, message: str, *, last: Any = None) -> None:
        self.last = last
        super().__init__(message)


class PlanError(VirtkitError):
    """A plan could not be made or carried out. Reserved: nothing raises it yet."""


class UnsafePlan(PlanError):
    """A plan would destroy something, and that was not allowed. Reserved."""


class ApplyError(PlanError):
    """A plan stopped midway. Reserved."""


class FleetError(VirtkitError):
    """An operation failed on some hosts; ``results`` holds what each answered. Reserved."""

    def __init__(self, message: str, *, results: Mapping[str, Any]) -> None:
        self.results = results
        super().__init__(message)
