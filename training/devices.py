"""Where training computes: a processor, a GPU, or several GPUs under torchrun. Imports torch.

The same command runs on all of them. `torchrun --nproc-per-node 2 -m training.learn …` starts it twice; each
process takes its share of every batch, and the first one writes what is written.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import distributed

from shared.errors import StylekinError

NAMES = ("auto", "cpu", "cuda")


class DeviceMissing(StylekinError):
    """A device that this machine does not have."""


@dataclass(frozen=True)
class Place:
    """One of ``world`` processes that train together, ``rank`` 0 the one that writes."""

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    rank: int = 0
    world: int = 1

    @property
    def bfloat16(self) -> bool:
        """Whether bfloat16 is faster than float32 here: on GPUs, and processors with instructions for it."""
        if self.device.type == "cuda":
            return True
        known = torch.cpu.get_capabilities()
        return bool(known.get("avx512_bf16") or known.get("amx_bf16"))

    def agreed(self, figures: dict[str, float]) -> dict[str, float]:
        """The figures that rank 0 has, on every rank; the same names everywhere."""
        if self.world == 1:
            return figures
        held = torch.tensor(list(figures.values()), device=self.device)
        distributed.broadcast(held, 0)
        return dict(zip(figures, held.tolist(), strict=True))

    def wait(self) -> None:
        """Until every rank is here."""
        if self.world > 1:
            distributed.barrier()


HERE = Place()  # this process alone, on the processor


@contextmanager
def place(name: str = "auto") -> Iterator[Place]:
    """The place that ``name`` (``auto``, ``cpu``, ``cuda``) stands for; under torchrun, one per process.

    Raises DeviceMissing where ``cuda`` is asked for and there is none.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceMissing(
            "--device cuda: expected a GPU that torch can use, found none; --device cpu goes on"
        )
    kind = "cuda" if name != "cpu" and torch.cuda.is_available() else "cpu"
    world = int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device(kind, local) if kind == "cuda" else torch.device(kind)
    if kind == "cuda":
        torch.cuda.set_device(device)
    if world == 1:
        yield Place(device)
        return
    distributed.init_process_group("nccl" if kind == "cuda" else "gloo")
    try:
        yield Place(device, distributed.get_rank(), world)
    finally:
        distributed.destroy_process_group()
