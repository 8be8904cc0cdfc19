"""Faults beside devices, and what libvirt says of them."""

from __future__ import annotations

from tests.contract.fault import Fault

DOMAIN = [
    Fault(
        "os boot bogus",
        (27, 5, ("XML error: Invalid value for attribute 'dev' in element 'boot': 'bogus'.")),
        "",
        system="<boot dev='bogus'/>",
    ),
    Fault(
        "vcpu junk", (27, 20, "XML error: maximum vcpus count must be an integer"), "", inner="<vcpu>x</vcpu>"
    ),
    Fault(
        "vcpu zero",
        (1, 20, "internal error: CPU IDs in <numa> exceed the <vcpu> count"),
        "",
        inner="<vcpu>0</vcpu>",
    ),
    Fault(
        "vcpu current",
        (67, 20, ("unsupported configuration: maximum vCPU count must not be less than current vCPU count")),
        "",
        inner="<vcpu current='4'>2</vcpu>",
    ),
    Fault(
        "vcpu current 0",
        (67, 10, "unsupported configuration: vcpu 0 can't be offline"),
        "",
        inner="<vcpu current='0'>2</vcpu>",
        by_qemu=True,
    ),
    Fault(
        "vcpu current junk",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'current' in element 'vcpu': "
                "'x'. Expected non-negative integer value"
            ),
        ),
        "",
        inner="<vcpu current='x'>2</vcpu>",
    ),
    Fault(
        "vcpu placement",
        (27, 5, ("XML error: Invalid value for attribute 'placement' in element 'vcpu': 'bogus'.")),
        "",
        inner="<vcpu placement='bogus'>2</vcpu>",
    ),
    Fault(
        "vcpu cpuset",
        (8, 0, "invalid argument: Failed to parse bitmap 'x'"),
        "",
        inner="<vcpu cpuset='x'>2</vcpu>",
    ),
    Fault(
        "vcpus id",
        (27, 20, "XML error: vcpu id '4' is out of range of maximum vcpu count"),
        "",
        inner="<vcpu>2</vcpu><vcpus><vcpu id='4' enabled='yes'/></vcpus>",
    ),
    Fault(
        "vcpus 0 off",
        (67, 10, "unsupported configuration: vcpu 0 can't be offline"),
        "",
        inner=("<vcpu>2</vcpu><vcpus><vcpu id='0' enabled='no'/><vcpu id='1' enabled='yes'/></vcpus>"),
        by_qemu=True,
    ),
    Fault(
        "iothreads junk",
        (27, 20, "XML error: invalid iothreads count 'x'"),
        "",
        inner="<iothreads>x</iothreads>",
    ),
    Fault(
        "iothread ids dup",
        (27, 20, "XML error: duplicate iothread id '1' found"),
        "",
        inner=("<iothreads>2</iothreads><iothreadids><iothread id='1'/><iothread id='1'/></iothreadids>"),
    ),
    Fault(
        "clock",
        (67, 20, "unsupported configuration: unknown clock offset 'bogus'"),
        "",
        inner="<clock offset='bogus'/>",
    ),
    Fault(
        "timer",
        (27, 5, ("XML error: Invalid value for attribute 'name' in element 'timer': 'bogus'.")),
        "",
        inner="<clock offset='utc'><timer name='bogus'/></clock>",
    ),
    Fault(
        "timer present",
        (27, 5, ("XML error: Invalid value for attribute 'present' in element 'timer': 'bogus'.")),
        "",
        inner="<clock offset='utc'><timer name='rtc' present='bogus'/></clock>",
    ),
    Fault(
        "timer policy",
        (27, 5, ("XML error: Invalid value for attribute 'tickpolicy' in element 'timer': 'bogus'.")),
        "",
        inner="<clock offset='utc'><timer name='rtc' tickpolicy='bogus'/></clock>",
    ),
    Fault(
        "on_poweroff",
        (67, 20, "unsupported configuration: unknown on_poweroff action: bogus"),
        "",
        inner="<on_poweroff>bogus</on_poweroff>",
    ),
    Fault(
        "on_crash",
        (67, 20, "unsupported configuration: unknown on_crash action: bogus"),
        "",
        inner="<on_crash>bogus</on_crash>",
    ),
    Fault(
        "on_reboot preserve",
        (
            67,
            10,
            (
                "unsupported configuration: qemu driver doesn't support the 'preserve' "
                "action for 'on_reboot'/'on_poweroff'"
            ),
        ),
        "",
        inner="<on_reboot>preserve</on_reboot>",
        by_qemu=True,
    ),
    Fault(
        "feature",
        (67, 20, "unsupported configuration: unexpected feature 'bogus'"),
        "",
        inner="<features><bogus/></features>",
    ),
    Fault(
        "feature hap",
        (27, 5, ("XML error: Invalid value for attribute 'state' in element 'hap': 'bogus'.")),
        "",
        inner="<features><hap state='bogus'/></features>",
    ),
    Fault(
        "hyperv",
        (67, 20, ("unsupported configuration: unsupported HyperV Enlightenment feature: bogus")),
        "",
        inner="<features><hyperv><bogus state='on'/></hyperv></features>",
    ),
    Fault(
        "hyperv spinlocks",
        (27, 20, "XML error: HyperV spinlock retry count must be at least 4095"),
        "",
        inner="<features><hyperv><spinlocks state='on' retries='1'/></hyperv></features>",
    ),
    Fault(
        "cpu mode",
        (67, 31, "unsupported configuration: Invalid mode attribute 'bogus'"),
        "",
        inner="<cpu mode='bogus'/>",
    ),
    Fault(
        "cpu match",
        (27, 5, ("XML error: Invalid value for attribute 'match' in element 'cpu': 'bogus'.")),
        "",
        inner="<cpu match='bogus'><model>x</model></cpu>",
    ),
    Fault(
        "cpu topo",
        (
            27,
            5,
            ("XML error: Invalid value for attribute 'sockets' in element 'topology': Zero is not permitted"),
        ),
        "",
        inner="<cpu><topology sockets='0' cores='1' threads='1'/></cpu>",
    ),
    Fault(
        "cpu topo miss",
        (27, 5, ("XML error: Missing required attribute 'threads' in element 'topology'")),
        "",
        inner="<cpu><topology sockets='1' cores='1'/></cpu>",
    ),
    Fault(
        "cpu topo mismatch",
        (67, 10, ("unsupported configuration: CPU topology doesn't match maximum vcpu count")),
        "",
        inner="<vcpu>3</vcpu><cpu><topology sockets='1' cores='1' threads='1'/></cpu>",
        by_qemu=True,
    ),
    Fault(
        "cpu feature dup",
        (27, 31, "XML error: CPU feature 'a' specified more than once"),
        "",
        inner="<cpu mode='host-model'><feature name='a'/><feature name='a'/></cpu>",
    ),
    Fault(
        "cpu feature no model",
        (27, 31, "XML error: Non-empty feature list specified without CPU model"),
        "",
        inner="<cpu><feature name='a'/></cpu>",
    ),
    Fault(
        "cpu feature policy",
        (67, 31, "unsupported configuration: Invalid CPU feature policy"),
        "",
        inner="<cpu mode='host-model'><feature name='a' policy='x'/></cpu>",
    ),
    Fault(
        "cpu vendor no model",
        (27, 31, "XML error: CPU vendor specified without CPU model"),
        "",
        inner="<cpu mode='custom'><vendor>Intel</vendor></cpu>",
    ),
    Fault(
        "cpu fallback",
        (67, 31, "unsupported configuration: Invalid fallback attribute"),
        "",
        inner="<cpu mode='custom'><model fallback='x'>qemu64</model></cpu>",
    ),
    Fault(
        "numa no cells",
        (27, 20, "XML error: NUMA topology defined without NUMA cells"),
        "",
        inner="<cpu><numa/></cpu>",
    ),
    Fault(
        "numa overlap",
        (67, 20, ("unsupported configuration: NUMA cells 1 and 0 have overlapping vCPU ids")),
        "",
        inner=(
            "<vcpu>2</vcpu><cpu><numa><cell cpus='0-1' memory='4096'/><cell cpus='1' "
            "memory='4096'/></numa></cpu>"
        ),
    ),
    Fault(
        "numa too many",
        (1, 20, "internal error: Number of CPUs in <numa> exceeds the <vcpu> count"),
        "",
        inner="<vcpu>1</vcpu><cpu><numa><cell cpus='0-1' memory='4096'/></numa></cpu>",
    ),
    Fault(
        "numa id",
        (
            27,
            20,
            (
                "XML error: Exactly one 'cell' element per guest NUMA cell allowed, "
                "non-contiguous ranges or ranges not starting from 0 are not allowed"
            ),
        ),
        "",
        inner="<vcpu>2</vcpu><cpu><numa><cell id='5' cpus='0-1' memory='4096'/></numa></cpu>",
    ),
    Fault(
        "seclabel type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'seclabel': 'bogus'.")),
        "",
        inner="<seclabel type='bogus'/>",
    ),
    Fault(
        "title nl",
        (27, 20, "XML error: Domain title can't contain newlines"),
        "",
        inner="<title>a\nb</title>",
    ),
    Fault("uuid", (1, 20, "internal error: malformed uuid element"), "", inner="<uuid>zzz</uuid>"),
    Fault("genid", (1, 20, "internal error: malformed genid element"), "", inner="<genid>zzz</genid>"),
    Fault(
        "vcpu no digit",
        (27, 20, "XML error: maximum vcpus count must be an integer"),
        "",
        inner="<vcpu>²</vcpu>",
    ),
    Fault(
        "cell memory",
        (27, 5, "XML error: Invalid value '0x10' for element or attribute './@memory'"),
        "",
        inner="<cpu><numa><cell id='0' cpus='0' memory='0x10'/></numa></cpu>",
    ),
    Fault(
        "cell no memory",
        (27, 5, "XML error: missing element or attribute './@memory'"),
        "",
        inner="<cpu><numa><cell id='0' cpus='0'/></numa></cpu>",
    ),
    Fault(
        "genid dup", (27, 20, "XML error: element 'genid' can only appear once"), "", inner="<genid/><genid/>"
    ),
    Fault(
        "maxMemory no slots",
        (27, 20, ("XML error: both maximum memory size and memory slot count must be specified")),
        "",
        inner="<maxMemory unit='KiB'>16384</maxMemory>",
    ),
    Fault(
        "maxMemory small",
        (27, 20, ("XML error: maximum memory size must be equal or greater than the actual memory size")),
        "",
        inner="<maxMemory slots='1' unit='KiB'>1024</maxMemory>",
    ),
    Fault(
        "currentMemory bad",
        (27, 5, ("XML error: Invalid value 'x' for element or attribute './currentMemory[1]'")),
        "",
        inner="<currentMemory>x</currentMemory>",
    ),
    Fault(
        "memunit",
        (8, 0, "invalid argument: unknown suffix 'bogus'"),
        "",
        inner="<currentMemory unit='bogus'>1</currentMemory>",
    ),
    Fault(
        "cputune shares",
        (27, 20, "XML error: can't parse cputune shares value"),
        "",
        inner="<cputune><shares>x</shares></cputune>",
    ),
    Fault(
        "cputune quota",
        (
            67,
            20,
            ("unsupported configuration: Value of cputune 'quota' must be in range [1000, 17592186044415]"),
        ),
        "",
        inner="<cputune><quota>5</quota></cputune>",
    ),
    Fault(
        "cputune period",
        (67, 20, ("unsupported configuration: Value of cputune 'period' must be in range [1000, 1000000]")),
        "",
        inner="<cputune><period>5</period></cputune>",
    ),
    Fault(
        "vcpupin dup",
        (1, 20, "internal error: duplicate vcpupin for vcpu '0'"),
        "",
        inner="<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='0' cpuset='0'/></cputune>",
    ),
    Fault(
        "vcpupin no set",
        (1, 20, "internal error: missing cpuset for vcpupin"),
        "",
        inner="<cputune><vcpupin vcpu='0'/></cputune>",
    ),
    Fault(
        "emulatorpin",
        (1, 20, "internal error: missing cpuset for emulatorpin"),
        "",
        inner="<cputune><emulatorpin/></cputune>",
    ),
    Fault(
        "numatune mode",
        (67, 20, ("unsupported configuration: Unsupported NUMA memory tuning mode 'bogus'")),
        "",
        inner="<numatune><memory mode='bogus' nodeset='0'/></numatune>",
    ),
    Fault(
        "resource dup",
        (27, 20, "XML error: only one resource element is supported"),
        "",
        inner=(
            "<resource><partition>/a</partition></resource><resource><partition>/b</partition></resource>"
        ),
    ),
    Fault(
        "machine",
        (27, 20, "XML error: No PCI buses available"),
        "",
        arch=" arch='x86_64' machine='bogus'",
        by_qemu=True,
    ),
    Fault(
        "arch", (67, 20, "unsupported configuration: Unknown architecture bogus"), "", arch=" arch='bogus'"
    ),
    Fault(
        "loader type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'loader': 'bogus'.")),
        "",
        system="<loader type='bogus'>/x</loader>",
    ),
    Fault(
        "loader readonly",
        (27, 5, ("XML error: Invalid value for attribute 'readonly' in element 'loader': 'bogus'.")),
        "",
        system="<loader readonly='bogus'>/x</loader>",
    ),
    Fault(
        "smbios mode",
        (67, 20, "unsupported configuration: unknown smbios mode 'bogus'"),
        "",
        system="<smbios mode='bogus'/>",
    ),
    Fault(
        "sysinfo type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'sysinfo': 'bogus'.")),
        "",
        inner="<sysinfo type='bogus'/>",
    ),
    Fault(
        "perf",
        (27, 5, ("XML error: Invalid value for attribute 'name' in element 'event': 'bogus'.")),
        "",
        inner="<perf><event name='bogus' enabled='yes'/></perf>",
    ),
    Fault(
        "launchSecurity",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'launchSecurity': 'bogus'.")),
        "",
        inner="<launchSecurity type='bogus'/>",
    ),
    Fault(
        "memnodes",
        (67, 20, "unsupported configuration: unknown memoryBacking/source/type 'bogus'"),
        "",
        inner="<memoryBacking><source type='bogus'/></memoryBacking>",
    ),
]
