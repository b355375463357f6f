"""Train one network: style by normalised softmax, category beside it, and the teacher's view of the item.

Read it top to bottom. A run killed at any moment goes on from its last epoch and ends with the same
weights as one that was never killed. Imports torch.
"""

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from shared.pictures import normalise
from training.data import NO_LABEL, Pictures, Rows, batches, drawn_rows
from training.models import Answer, Network
from training.views import augmented


@dataclass(frozen=True)
class Recipe:
    """Hyper-parameters, each with the range in which it is worth trying."""

    epochs: int = 12  # 5..100 from nothing, 2..20 to fine-tune
    batch: int = 64  # 32..512
    learning_rate: float = 1e-3  # 3e-4..3e-3 from nothing, a third of it to fine-tune
    weight_decay: float = 0.05  # 0.01..0.1
    warm_up: float = 0.1  # 0.02..0.2 of all steps
    small_epochs: float = 0.5  # 0..0.7 of the epochs, the first, at a smaller picture
    small_side: int = 160  # 112..192 px of 224
    balance: float = 0.5  # 0..1, towards styles equally often
    smoothing: float = 0.05  # 0..0.2 of the style and category labels
    category_loss: float = 0.5  # 0..1
    teacher_loss: float = 4.0  # 0..10; 0 leaves the teacher out
    longest_gradient: float = 5.0  # 1..10
    bfloat16: bool = True  # autocast; slower than float32 on processors without avx512_bf16 or amx
    seed: int = 1
    patience: int = 0  # 3..10 epochs without a better validation loss, after which it stops; 0: never


@dataclass(frozen=True)
class Lessons:
    """What is to be learned of ``n`` pictures: labels ``(n,)`` with NO_LABEL gaps, teacher ``(n, width)``."""

    styles: NDArray[np.int64]
    categories: NDArray[np.int64]
    teacher: NDArray[np.float32]


class Board(Protocol):
    """What draws curves: TensorBoard's SummaryWriter is one."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """One point of the curve ``tag``."""


class Student(nn.Module):
    """A network and the linear head that must find the teacher's features in its embedding."""

    def __init__(self, network: Network, teacher_width: int) -> None:
        super().__init__()
        self.network = network
        self.to_teacher = nn.Linear(network.embed.width, teacher_width)
        self.history: list[dict[str, float]] = []  # what each epoch of all phases came to


def fit(
    student: Student,
    pictures: Pictures,
    lessons: Lessons,
    rows: Rows,
    recipe: Recipe,
    checkpoint: Path,
    validation: Rows | None = None,
    board: Board | None = None,
) -> None:
    """Train ``student`` in place on ``rows`` of ``pictures``, keeping ``checkpoint`` after every epoch.

    With ``validation`` rows each epoch is tried on these; with ``patience`` too it stops when their loss gets
    no better, and the best epoch's weights are what is left. ``board`` is told what each epoch came to.
    """
    student.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(decayed(student, recipe.weight_decay), lr=recipe.learning_rate)
    begun = resume(checkpoint, student, optimiser, recipe)
    history, best = begun.history, begun.best
    for epoch in range(len(history), recipe.epochs):
        if stopped(history, recipe.patience):
            break
        # every epoch has its own randomness, so that a resumed run is the run that was not interrupted
        random = torch.Generator().manual_seed(recipe.seed * 1_000_003 + epoch)
        draws = np.random.default_rng([recipe.seed, epoch])
        order = list(batches(drawn_rows(rows, lessons.styles, recipe.balance, draws), recipe.batch))
        small = epoch < round(recipe.small_epochs * recipe.epochs)
        side = recipe.small_side if small else pictures.squares.shape[1]
        sums, began = np.zeros(5), time.monotonic()
        bar = tqdm(
            order, desc=f"{checkpoint.stem} {epoch + 1}/{recipe.epochs}", unit="batch", mininterval=pause()
        )
        for index, batch in enumerate(bar):
            progress = (epoch + index / len(order)) / recipe.epochs
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * schedule(progress, recipe.warm_up)
            x = augmented(pictures.squares[batch], side, random)  # (batch, 3, side, side)
            with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
                answer = student.network(x)
            style, category, teacher, right = losses(answer, student.to_teacher, lessons, batch, recipe)
            loss = style + recipe.category_loss * category + recipe.teacher_loss * teacher
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(student.parameters(), recipe.longest_gradient)
            optimiser.step()
            sums += [
                each.item()
                for each in (loss.detach(), style.detach(), category.detach(), teacher.detach(), right)
            ]
            bar.set_postfix_str(told(sums / (index + 1)), refresh=False)
        tqdm.write(
            f"{bar.desc}: {told(sums / len(order))} | {time.monotonic() - began:.0f} s at {side} px",
            sys.stderr,
        )
        loss, _, _, _, share = sums / len(order)
        history.append({"epoch": epoch + 1, "loss": float(loss), "right": float(share)})
        if validation is not None:
            history[-1] |= tried(student, pictures, lessons, validation, recipe)
            if recipe.patience and history[-1] is lowest(history):
                best = {name: value.clone() for name, value in student.state_dict().items()}
        if board is not None:
            for name, value in history[-1].items():
                board.add_scalar(f"{checkpoint.stem}/{name}", value, epoch + 1)
        keep(checkpoint, student, optimiser, recipe, Begun(history, best))
    if best is not None:
        student.load_state_dict(best)
    student.history += history
    student.eval()


def tried(
    student: Student, pictures: Pictures, lessons: Lessons, rows: Rows, recipe: Recipe
) -> dict[str, float]:
    """Loss and share of styles told right on ``rows``, as serving sees them."""
    student.eval()
    loss = right = 0.0
    with torch.inference_mode():
        for start in range(0, len(rows), recipe.batch):
            batch = rows[start : start + recipe.batch]
            answer = student.network(torch.from_numpy(normalise(np.array(pictures.squares[batch]))))
            style, category, _, share = losses(answer, student.to_teacher, lessons, batch, recipe)
            loss += len(batch) * float(style + recipe.category_loss * category)
            right += len(batch) * float(share)
    student.train()
    return {"validation_loss": loss / len(rows), "validation_right": right / len(rows)}


def lowest(history: list[dict[str, float]]) -> dict[str, float]:
    """The epoch with the least validation loss, the first of several."""
    return min(history, key=lambda each: each["validation_loss"])


def stopped(history: list[dict[str, float]], patience: int) -> bool:
    """Whether the last ``patience`` epochs brought nothing on the validation rows."""
    if not patience or not history or "validation_loss" not in history[-1]:
        return False
    return len(history) - lowest(history)["epoch"] >= patience


def losses(
    answer: Answer, to_teacher: nn.Module, lessons: Lessons, batch: Rows, recipe: Recipe
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Losses of style, category and teacher, and the share of styles that are right."""
    styles = torch.from_numpy(lessons.styles[batch])
    categories = torch.from_numpy(lessons.categories[batch])
    target = torch.from_numpy(lessons.teacher[batch])
    style = cross_entropy(answer.style, styles, recipe.smoothing)
    category = torch.zeros(())
    if answer.category is not None:
        category = cross_entropy(answer.category, categories, recipe.smoothing)
    teacher = 1 - F.cosine_similarity(to_teacher(answer.embedding), target).mean()
    right = (answer.style.argmax(1) == styles).float().sum() / (styles != NO_LABEL).sum().clamp(min=1)
    return style, category, teacher, right


def cross_entropy(logits: Tensor, classes: Tensor, smoothing: float) -> Tensor:
    """Mean over the labelled pictures; 0 where none is."""
    if (classes == NO_LABEL).all():
        return logits.sum() * 0
    return F.cross_entropy(logits, classes, ignore_index=NO_LABEL, label_smoothing=smoothing)


def schedule(progress: float, warm_up: float) -> float:
    """Share of the learning rate at ``progress`` 0..1: up in a line, then down along a cosine."""
    if progress < warm_up:
        return (progress + 1e-3) / (warm_up + 1e-3)
    return 0.5 + 0.5 * float(np.cos(np.pi * min(1.0, (progress - warm_up) / (1 - warm_up))))


def decayed(student: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices and filters, none for biases and normalisations."""
    every = list(student.parameters())
    return [
        {"params": [each for each in every if each.ndim > 1], "weight_decay": weight_decay},
        {"params": [each for each in every if each.ndim <= 1], "weight_decay": 0.0},
    ]


def keep(
    checkpoint: Path, student: Student, optimiser: torch.optim.Optimizer, recipe: Recipe, begun: "Begun"
) -> None:
    """Write a checkpoint that says what it is; the old one stays until the new one is whole."""
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    building = checkpoint.with_suffix(".building")
    kept = {
        "what": f"{checkpoint.stem}: {len(begun.history)} of {recipe.epochs} epochs of "
        f"{type(student.network).__name__}",
        "recipe": asdict(recipe),
        "history": begun.history,
        "best": begun.best,
        "student": student.state_dict(),
        "optimiser": optimiser.state_dict(),
    }
    torch.save(kept, building)
    building.replace(checkpoint)


@dataclass(frozen=True)
class Begun:
    """How far a run is: what each epoch came to, and the weights of the best one where it may stop early."""

    history: list[dict[str, float]]
    best: dict[str, Tensor] | None


def resume(checkpoint: Path, student: Student, optimiser: torch.optim.Optimizer, recipe: Recipe) -> Begun:
    """Load a checkpoint of the same recipe, if there is one, and return how far it is."""
    if not checkpoint.exists():
        return Begun([], None)
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
    if kept["recipe"] != asdict(recipe):
        raise ValueError(
            f"{checkpoint}: expected a run of {recipe}, found {kept['recipe']}; delete it or go on"
        )
    student.load_state_dict(kept["student"])
    optimiser.load_state_dict(kept["optimiser"])
    return Begun(kept["history"], kept["best"])


def told(means: NDArray[np.float64]) -> str:
    """A line of the log."""
    loss, style, category, teacher, right = means
    return f"loss {loss:.3f} style {style:.3f} ({right:.1%}) category {category:.3f} teacher {teacher:.3f}"


def pause() -> float:
    """Seconds between two drawings of a progress bar: seldom where it goes to a file."""
    return 0.1 if sys.stderr.isatty() else 20.0
