"""The CPU of every fake host."""

HOST_MODEL = "Skylake-Client-IBRS"
