"""The verbs of a domain's life, and what each refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from virtkit.errors import NotFound, WrongState
from virtkit.host import Domain, DomainState

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_whole_life(domain: Domain) -> None:
    """Define, start, suspend, resume, save, go on, stop, undefine: states and reasons as libvirt has them."""
    seen = [str(domain.status())]

    def do(verb: Callable[[], None]) -> None:
        verb()
        seen.append(str(domain.status()))

    for verb in (
        domain.start,
        domain.suspend,
        domain.resume,
        domain.managed_save,
        domain.start,
        domain.destroy,
    ):
        do(verb)
    assert seen == [
        "shutoff",
        "running (booted)",
        "paused (user)",
        "running (unpaused)",
        "shutoff (saved)",
        "running (restored)",
        "shutoff (destroyed)",
    ]
    domain.undefine()
    with pytest.raises(NotFound, match="read the state of 'web1' on fake:///one"):
        domain.status()


def test_start_paused(domain: Domain) -> None:
    """The guest has not run its first instruction."""
    domain.start(paused=True)
    assert domain.status().state is DomainState.PAUSED


@pytest.mark.parametrize(
    "verb", ["suspend", "resume", "shutdown", "destroy", "reboot", "reset", "managed_save"]
)
def test_what_a_domain_that_is_off_refuses(domain: Domain, verb: str) -> None:
    """WrongState with operation and name, and it stays off."""
    with pytest.raises(WrongState, match="'web1' on fake:///one"):
        getattr(domain, verb)()
    assert not domain.status().active


def test_start_of_a_running_one_is_refused(running: Domain) -> None:
    """Start when running is an error, and it runs on."""
    with pytest.raises(WrongState, match=r"start 'web1'.*already running"):
        running.start()
    assert running.status().running


def test_full_status_says_what_stays(domain: Domain) -> None:
    """Persistent, autostart and managed save cost a call each, so they are asked for."""
    short = domain.status()
    assert (short.persistent, short.autostart, short.managed_save) == (None, None, None)
    domain.set_autostart(True)
    domain.start()
    domain.managed_save()
    full = domain.status(full=True)
    assert (full.persistent, full.autostart, full.managed_save) == (True, True, True)
    domain.discard_managed_save()
    domain.set_autostart(False)
    full = domain.status(full=True)
    assert (full.autostart, full.managed_save) == (False, False)


def test_rename(domain: Domain) -> None:
    """The handle goes by its new name."""
    domain.rename("web2")
    assert domain.name == "web2"
    assert domain.connection.domains["web2"] == domain


def test_xml_of_now_and_of_the_next_start(running: Domain) -> None:
    """A new definition of a running domain counts from its next start."""
    running.connection.domains.define(running.xml(inactive=True).replace("262144", "524288"))
    assert "524288" not in running.xml()
    assert "524288" in running.xml(inactive=True)
    assert running.document().name == "web1"


def test_job_of_an_idle_domain(running: Domain) -> None:
    """It is busy with nothing, and there is nothing to abort."""
    assert running.job.info() is None
    with pytest.raises(WrongState, match="abort the job of 'web1'"):
        running.job.abort()


def test_reboot_and_reset_keep_it_running(running: Domain) -> None:
    """Neither changes its state."""
    running.reboot()
    running.reset()
    assert running.status().running


def test_domain_is_imported_by_users_too(running: Domain) -> None:
    """Type annotations of users need no private module."""
    import virtkit

    assert isinstance(running, virtkit.Domain)


def test_statistics_of_what_has_gone(domain: Domain) -> None:
    """The bulk call leaves it out of its answer, and that is told like any other call on it."""
    domain.undefine()
    with pytest.raises(NotFound, match=r"statistics of 'web1' on fake:///one"):
        domain.statistics()
