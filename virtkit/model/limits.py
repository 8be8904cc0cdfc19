"""Limits of input and output: of one disk, or of disks together."""

from __future__ import annotations

from virtkit.model.fields import Integer, Text
from virtkit.model.views import View


class IoLimits(View):
    """Limits of input and output: bytes and operations a second, with bursts and their seconds."""

    total_bytes_sec = Integer("total_bytes_sec")
    read_bytes_sec = Integer("read_bytes_sec")
    write_bytes_sec = Integer("write_bytes_sec")
    total_bytes_sec_max = Integer("total_bytes_sec_max")
    read_bytes_sec_max = Integer("read_bytes_sec_max")
    write_bytes_sec_max = Integer("write_bytes_sec_max")
    total_bytes_sec_max_length = Integer("total_bytes_sec_max_length")
    read_bytes_sec_max_length = Integer("read_bytes_sec_max_length")
    write_bytes_sec_max_length = Integer("write_bytes_sec_max_length")
    total_iops_sec = Integer("total_iops_sec")
    read_iops_sec = Integer("read_iops_sec")
    write_iops_sec = Integer("write_iops_sec")
    total_iops_sec_max = Integer("total_iops_sec_max")
    read_iops_sec_max = Integer("read_iops_sec_max")
    write_iops_sec_max = Integer("write_iops_sec_max")
    total_iops_sec_max_length = Integer("total_iops_sec_max_length")
    read_iops_sec_max_length = Integer("read_iops_sec_max_length")
    write_iops_sec_max_length = Integer("write_iops_sec_max_length")
    size_iops_sec = Integer("size_iops_sec")
    group_name = Text("group_name")


class IoTune(IoLimits):
    """Limits of one disk."""

    TAG = "iotune"


class ThrottleGroup(IoLimits):
    """Limits that disks have in common."""

    TAG = "throttlegroup"
