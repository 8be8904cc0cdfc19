"""The guest agent: what qemu-ga answers from inside a guest."""

from __future__ import annotations

from virtkit.fake.agent.protocol import Inside, answer, load

__all__ = ["Inside", "answer", "load"]
