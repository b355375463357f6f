"""Train one network: style, category beside it, and the teacher's view of the item.

Read it top to bottom. A run killed at any moment goes on from the last epoch it kept and ends with the same
weights as one that was never killed. On a processor, a GPU, or several (``training.devices``). Imports torch.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from shared.pictures import normalise
from training.checkpoints import Begun, keep, resume
from training.data import NO_LABEL, Pictures, Rows, batches, drawn_rows
from training.devices import HERE, Place
from training.losses import contrastive, cross_entropy, likeness, mixed
from training.models import Answer, Network, tuned
from training.recipe import Recipe
from training.views import VARIETIES, augmented

KEEP_EVERY = 20.0  # seconds: a GPU's epochs are shorter than it takes to write them down


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


Teacher = Callable[[Tensor], Tensor]  # normalised pictures (n, 3, side, side) to targets (n, teacher_width)


class Student(nn.Module):
    """A network and the linear head that must find the teacher's features in its embedding."""

    def __init__(self, network: Network, teacher_width: int) -> None:
        super().__init__()
        self.network = network
        self.to_teacher = nn.Linear(network.embed.width, teacher_width)
        self.history: list[dict[str, float]] = []  # what each epoch of all phases came to

    def forward(self, pictures: Tensor) -> tuple[Answer, Tensor]:
        """What the network says, and what it thinks the teacher says: ``(n, teacher_width)``."""
        answer = self.network(pictures)
        return answer, self.to_teacher(answer.embedding).float()


@dataclass(frozen=True)
class Subject:
    """What a student is taught: pictures, what is said of them, and a teacher to ask about every view."""

    pictures: Pictures
    lessons: Lessons
    recipe: Recipe
    place: Place = HERE
    teacher: Teacher | None = None


def fit(
    student: Student,
    pictures: Pictures,
    lessons: Lessons,
    rows: Rows,
    recipe: Recipe,
    checkpoint: Path,
    validation: Rows | None = None,
    board: Board | None = None,
    place: Place = HERE,
    teacher: Teacher | None = None,
) -> None:
    """Train ``student`` in place on ``rows`` of ``pictures``, keeping a ``checkpoint`` of it.

    With ``validation`` rows each epoch is tried on these; with ``patience`` too it stops when their loss gets
    no better, and the best epoch's weights are what is left. ``board`` is told what each epoch came to.
    A ``teacher`` is asked about every view; without one ``lessons`` hold what it said of each picture.
    ``student`` ends on the processor, wherever it was trained.
    """
    subject = Subject(pictures, lessons, recipe, place, teacher)
    student.to(place.device, memory_format=torch.channels_last)
    tuned(student.network, recipe.tune)
    optimiser = torch.optim.AdamW(decayed(student, recipe.weight_decay), lr=recipe.learning_rate)
    begun = resume(checkpoint, student, optimiser, asdict(recipe))
    history, best = begun.history, begun.best
    learner = DistributedDataParallel(student) if place.world > 1 else student
    kept = -np.inf  # when the last checkpoint was written
    for epoch in range(len(history), recipe.epochs):
        if stopped(history, recipe.patience):
            break
        began = time.monotonic()
        history.append(epoch_of(learner, optimiser, subject, rows, epoch, checkpoint.stem))
        if validation is not None:
            history[-1] |= place.agreed(tried(student, pictures, lessons, validation, recipe, place))
            if recipe.patience and history[-1] is lowest(history):
                best = {name: value.clone() for name, value in student.state_dict().items()}
        if place.rank == 0:
            line = f"{checkpoint.stem} {epoch + 1}/{recipe.epochs}: {told(history[-1])}"
            tqdm.write(f"{line} | {time.monotonic() - began:.1f} s", sys.stderr)
            for name, value in history[-1].items() if board is not None else ():
                board.add_scalar(f"{checkpoint.stem}/{name}", value, epoch + 1)
            last = epoch + 1 == recipe.epochs or stopped(history, recipe.patience)
            if last or time.monotonic() - kept > KEEP_EVERY:
                what = f"{epoch + 1} of {recipe.epochs} epochs of {type(student.network).__name__}"
                keep(checkpoint, what, student, optimiser, asdict(recipe), Begun(history, best))
                kept = time.monotonic()
        place.wait()
    if best is not None:
        student.load_state_dict(best)
    student.history += history
    student.requires_grad_(True).eval().to("cpu")


def epoch_of(
    learner: nn.Module,
    optimiser: torch.optim.Optimizer,
    subject: Subject,
    rows: Rows,
    epoch: int,
    name: str,
) -> dict[str, float]:
    """Teach ``learner`` one epoch; the means of its losses and of the styles it told right."""
    pictures, lessons, recipe, place = subject.pictures, subject.lessons, subject.recipe, subject.place
    # every epoch has its own randomness, so that a resumed run is the run that was not interrupted
    random = torch.Generator().manual_seed((recipe.seed * 1_000_003 + epoch) * 1009 + place.rank)
    draws = np.random.default_rng([recipe.seed, epoch])
    order = list(batches(drawn_rows(rows, lessons.styles, recipe.balance, draws), recipe.batch))
    blends = draws.random((len(order), 2))  # of each batch: whether it is blended, and how
    small = epoch < round(recipe.small_epochs * recipe.epochs)
    side = recipe.small_side if small else pictures.squares.shape[1]
    bfloat16 = recipe.bfloat16 and place.bfloat16
    train_mode(learner)
    sums, spoken = torch.zeros(5, device=place.device), 0
    bar = tqdm(
        order, desc=f"{name} {epoch + 1}/{recipe.epochs}", unit="batch", mininterval=pause(), leave=False,
        disable=place.rank > 0,
    )  # fmt: skip
    for index, batch in enumerate(bar):
        progress = (epoch + index / len(order)) / recipe.epochs
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * schedule(progress, recipe.warm_up)
        mine = batch[place.rank :: place.world]
        x = augmented(pictures.squares[mine], side, random, VARIETIES[recipe.variety], place.device)
        # what a teacher once said of a picture it does not say of a blend
        asked = subject.teacher is not None or (recipe.mixed_labels and recipe.teacher_loss == 0)
        blended = bool(blends[index, 0] < recipe.mixed and asked)
        share = float(blends[index, 1]) if blended else 1.0
        if blended:
            x = mixed(x, share)
        with torch.autocast(place.device.type, torch.bfloat16, enabled=bfloat16):
            answer, seen = learner(x)
        target = subject.teacher(x) if subject.teacher else of_rows(lessons.teacher, mine, place)
        style, category, teacher, right = losses(answer, seen, target, lessons, mine, recipe, share)
        told = not blended or recipe.mixed_labels  # otherwise nobody has said what is to be seen
        loss = told * (recipe.style_loss * style + recipe.category_loss * category)
        loss = loss + recipe.teacher_loss * teacher
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), recipe.longest_gradient)
        optimiser.step()
        sums += torch.stack([loss, told * style, told * category, teacher, told * right]).detach()
        spoken += told
    loss, style, category, teacher, right = sums.tolist()
    return {
        "epoch": epoch + 1,
        "loss": loss / len(order),
        "style": style / max(spoken, 1),
        "category": category / max(spoken, 1),
        "teacher": teacher / len(order),
        "right": right / max(spoken, 1),
    }


def train_mode(learner: nn.Module) -> None:
    """Training behaviour where there is something to train; what is frozen keeps its statistics too."""
    learner.train()
    for module in learner.modules():
        own = list(module.parameters(recurse=False))
        if own and not any(each.requires_grad for each in own):
            module.eval()


def tried(
    student: Student,
    pictures: Pictures,
    lessons: Lessons,
    rows: Rows,
    recipe: Recipe,
    place: Place = HERE,
) -> dict[str, float]:
    """Loss and share of styles told right on ``rows``, as serving sees them."""
    student.eval()
    loss = right = 0.0
    with torch.inference_mode():
        for start in range(0, len(rows), recipe.batch):
            batch = rows[start : start + recipe.batch]
            x = torch.from_numpy(normalise(np.array(pictures.squares[batch]))).to(place.device)
            answer, seen = student(x)
            target = of_rows(lessons.teacher, batch, place)
            style, category, _, share = losses(answer, seen, target, lessons, batch, recipe)
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
    answer: Answer,
    seen: Tensor,
    target: Tensor,
    lessons: Lessons,
    batch: Rows,
    recipe: Recipe,
    share: float = 1.0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Losses of style, category and teacher, and the share of styles that are right.

    Of pictures that are blended with the one before them (``mixed``), ``share`` is what is their own, and so
    much their own labels count, the rest those of the other.
    """
    place = Place(answer.style.device)
    styles = of_rows(lessons.styles, batch, place)
    style, category = labelled(answer, lessons, batch, recipe)
    if share < 1:
        others = labelled(answer, lessons, np.roll(batch, 1), recipe)
        style, category = share * style + (1 - share) * others[0], share * category + (1 - share) * others[1]
    right = (answer.style.argmax(1) == styles).float().sum() / (styles != NO_LABEL).sum().clamp(min=1)
    return style, category, likeness(seen, target), right


def labelled(answer: Answer, lessons: Lessons, batch: Rows, recipe: Recipe) -> tuple[Tensor, Tensor]:
    """Losses of style and category, if the pictures are what is said of ``batch``."""
    place = Place(answer.style.device)
    styles = of_rows(lessons.styles, batch, place)
    style = cross_entropy(answer.style, styles, recipe.smoothing)
    if recipe.style == "contrastive":
        style = style + contrastive(answer.embedding, styles)
    if answer.category is None:
        return style, torch.zeros((), device=place.device)
    return style, cross_entropy(answer.category, of_rows(lessons.categories, batch, place), recipe.smoothing)


def of_rows(values: NDArray[Any], rows: Rows, place: Place) -> Tensor:
    """Some rows of an array, where training computes."""
    return torch.from_numpy(values[rows]).to(place.device)


def schedule(progress: float, warm_up: float) -> float:
    """Share of the learning rate at ``progress`` 0..1: up in a line, then down along a cosine."""
    if progress < warm_up:
        return (progress + 1e-3) / (warm_up + 1e-3)
    return 0.5 + 0.5 * float(np.cos(np.pi * min(1.0, (progress - warm_up) / (1 - warm_up))))


def decayed(student: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices and filters, none for biases and normalisations; not for what is frozen."""
    every = [each for each in student.parameters() if each.requires_grad]
    return [
        {"params": [each for each in every if each.ndim > 1], "weight_decay": weight_decay},
        {"params": [each for each in every if each.ndim <= 1], "weight_decay": 0.0},
    ]


def told(means: dict[str, float]) -> str:
    """A line of the log."""
    return " ".join(f"{name} {value:.3f}" for name, value in means.items() if name != "epoch")


def pause() -> float:
    """Seconds between two drawings of a progress bar: seldom where it goes to a file."""
    return 0.1 if sys.stderr.isatty() else 20.0
