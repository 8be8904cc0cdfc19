"""Where the test driver's resources, tuning parameters and statistics are not like those of QEMU's."""

from __future__ import annotations

from tests.contract.difference import Difference

_CHECK = "its own check"
_SWAP = "memory hard_limit tunable value must be lower than or equal to swap_hard_limit"


def _lacks(function: str) -> Difference:
    text = f"this function is not supported by the connection driver: {function}"
    return Difference((3, text, 20), "it has no such function")


def _flags(flags: str, function: str) -> Difference:
    text = f"unsupported flags ({flags}) in function {function}"
    return Difference((8, text, None), "it takes no such flags")


RESOURCES: dict[str, Difference] = {
    "statistics": Difference([], "it tells its state only"),
    "statistics of nobody": Difference(
        "argument unsupported: Stats types bits 0x100000 are not supported by this daemon", "it has no QEMU"
    ),
    "pins told": Difference([], "it does not tell"),
    "throttle told": Difference([], "it does not tell"),
    "hot-plug": Difference(3, "it plugs nothing, in nothing"),
    "more vcpus than the definition has": Difference(
        (8, "invalid argument: requested cpu amount exceeds maximum (5 > 4)", None), _CHECK
    ),
    "hot-pluggable vcpus in the definition": _flags("0x10", "testDomainSetVcpusFlags"),
    "vcpus off": Difference(
        (55, "Requested operation is not valid: cannot list vcpus for an inactive domain", None), _CHECK
    ),
    "one more vcpu in the definition": _lacks("virDomainSetVcpu"),
    "one less vcpu in the definition": _lacks("virDomainSetVcpu"),
    "first vcpu off in the definition": _lacks("virDomainSetVcpu"),
    "vcpu that the definition lacks": _lacks("virDomainSetVcpu"),
    "vcpu of no number": _lacks("virDomainSetVcpu"),
    "vcpu in no state": _lacks("virDomainSetVcpu"),
    "pin in the definition": _flags("0x2", "testDomainPinVcpuFlags"),
    "pin of a vcpu that is not on": _flags("0x2", "testDomainPinVcpuFlags"),
    "pin to nothing": _flags("0x2", "testDomainPinVcpuFlags"),
    "live pin to nothing": Difference((0, -1, [[], "all"]), "it does not look whether there is one"),
    "pin off": Difference(
        (55, "Requested operation is not valid: cannot pin vcpus on an inactive domain", None), _CHECK
    ),
    "vcpu plugged": Difference(
        (0, 3, ["<vcpu placement='static' current='3'>4</vcpu>"], 2), "it keeps no table of single vCPUs"
    ),
    "vcpus to unplug": Difference(0, "any vCPU of it can go"),
    "more vcpus than there can be": Difference(
        (8, "invalid argument: requested cpu amount exceeds maximum (5 > 4)", None), _CHECK
    ),
    "vcpus of the guest without agent": _flags("0x8", "testDomainSetVcpusFlags"),
    "third vcpu plugged": _lacks("virDomainSetVcpu"),
    "first vcpu unplugged": _lacks("virDomainSetVcpu"),
    "vcpu that there is not": _lacks("virDomainSetVcpu"),
    "vcpu plugged twice": _lacks("virDomainSetVcpu"),
    "pin running": _flags("0x1", "testDomainPinVcpuFlags"),
    "pin of a later vcpu": _flags("0x1", "testDomainPinVcpuFlags"),
    "pin of both": _flags("0x3", "testDomainPinVcpuFlags"),
    "swap below the hard limit": Difference((8, f"invalid argument: {_SWAP}", None), _CHECK),
    "hard limit above swap": Difference((8, f"invalid argument: {_SWAP}", None), _CHECK),
    "memory of both": Difference(
        (8, "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive", 20),
        _CHECK,
    ),
    "scheduler": Difference(("fair", 1), "it has a scheduler of its own"),
    "scheduling": _flags("0x6", "testDomainGetSchedulerParametersFlags"),
    "shares": _flags("0x6", "testDomainGetSchedulerParametersFlags"),
    "period and quota": _flags("0x6", "testDomainGetSchedulerParametersFlags"),
    "period out of range": _flags("0x6", "testDomainGetSchedulerParametersFlags"),
    "quota out of range": _flags("0x6", "testDomainGetSchedulerParametersFlags"),
    "scheduling of nothing known": _flags("0x6", "testDomainGetSchedulerParametersFlags"),
    "throttle": Difference(
        (8, "invalid argument: total_bytes_sec cannot be set higher than total_bytes_sec_max ", None), _CHECK
    ),
    "throttle by its source": Difference(
        (8, "invalid argument: total_iops_sec cannot be set higher than total_iops_sec_max ", None), _CHECK
    ),
    "throttle group": Difference(
        (8, "invalid argument: total_iops_sec cannot be set higher than total_iops_sec_max ", None), _CHECK
    ),
    "bandwidth that this kind has not": Difference(0, "it takes any kind"),
    "I/O thread's pool": _flags("0x2", "testDomainSetIOThreadParams"),
    "I/O thread's pool the wrong way round": _flags("0x2", "testDomainSetIOThreadParams"),
    "I/O thread's polling in the definition": _flags("0x2", "testDomainSetIOThreadParams"),
    "I/O thread's polling": Difference((1, "An error occurred, but the cause is unknown", 0), _CHECK),
    "throttle running": Difference(
        (8, "invalid argument: total_bytes_sec cannot be set higher than total_bytes_sec_max ", None), _CHECK
    ),
    "throttle's burst below it": Difference(
        (8, "invalid argument: total_iops_sec cannot be set higher than total_iops_sec_max ", None), _CHECK
    ),
    "errors of disks": Difference({"vda": 1}, "it shows a few, to be seen"),
    "launch security": _flags("0x4", "testDomainGetLaunchSecurityInfo"),
    "block counters of all disks": Difference(
        (84, "Operation not supported: summary statistics are not supported yet", None), _CHECK
    ),
    "more block counters": _lacks("virDomainBlockStatsFlags"),
    "more block counters of no disk": _lacks("virDomainBlockStatsFlags"),
    "more block counters off": _lacks("virDomainBlockStatsFlags"),
    "dirty rate off": _lacks("virDomainStartDirtyRateCalc"),
    "dirty rate of no time": _lacks("virDomainStartDirtyRateCalc"),
    "dirty rate of too long": _lacks("virDomainStartDirtyRateCalc"),
}
