"""How far a run is, kept after every epoch, so that a killed one goes on. Imports torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Begun:
    """How far a run is: what each epoch came to, and the weights of the best one where it may stop early."""

    history: list[dict[str, float]]
    best: dict[str, Tensor] | None


def keep(
    checkpoint: Path,
    what: str,
    student: nn.Module,
    optimiser: torch.optim.Optimizer,
    recipe: dict[str, Any],
    begun: Begun,
) -> None:
    """Write a checkpoint that says what it is; the old one stays until the new one is whole."""
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    building = checkpoint.with_suffix(".building")
    kept = {
        "what": f"{checkpoint.stem}: {what}",
        "recipe": recipe,
        "history": begun.history,
        "best": begun.best,
        "student": student.state_dict(),
        "optimiser": optimiser.state_dict(),
    }
    torch.save(kept, building)
    building.replace(checkpoint)


def resume(
    checkpoint: Path, student: nn.Module, optimiser: torch.optim.Optimizer, recipe: dict[str, Any]
) -> Begun:
    """Load a checkpoint of the same recipe, if there is one, and return how far it is."""
    if not checkpoint.exists():
        return Begun([], None)
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
    if kept["recipe"] != recipe:
        raise ValueError(
            f"{checkpoint}: expected a run of {recipe}, found {kept['recipe']}; delete it or go on"
        )
    student.load_state_dict(kept["student"])
    optimiser.load_state_dict(kept["optimiser"])
    return Begun(kept["history"], kept["best"])
