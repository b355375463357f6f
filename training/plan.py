"""What the demo models are trained on, and for how long: every choice in one place."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from training.data import PHOTOGRAPHS_HELD_OUT
from training.duplicates import ITEMS
from training.recipe import Recipe

ROOT = Path(__file__).parent.parent

# Styles, categories and a teacher that is asked about every view, all at once: a trunk that learns styles
# alone forgets what else there is to see, one that copies the teacher alone hardly tells styles apart.
TOGETHER = Recipe(
    epochs=72, batch=128, learning_rate=2e-3, small_epochs=0, variety="strong", mixed=0.5, mixed_labels=True,
    smoothing=0.1, category_loss=1.5, teacher_loss=1.5,
)  # fmt: skip

# Then one department's own items, and the photographs, which name no department.
DEPARTMENT = replace(TOGETHER, epochs=16, learning_rate=6e-4, seed=2)

# The same in minutes without a GPU: pictures nearly as serving sees them, the teacher's word on each known.
LIGHTLY = Recipe(
    epochs=3, batch=64, learning_rate=2e-4, small_epochs=0, smoothing=0.1, category_loss=1.5,
    teacher_loss=1.5, seed=2,
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What to train on and how long; the defaults are those of the committed bundles."""

    photographs: Path
    shop: Path | None = None  # only measured
    cache: Path = ROOT / ".local" / "training"
    output: Path = ROOT / "models"
    version: str = "demo-4"
    items: int = 1500  # 200..10000 drawn per department
    seed: int = 1009  # of the drawn items; not the demo's
    demo_seed: int = 7  # what `make demo` draws: never trained on, only measured
    demo_items: int = 320
    fresh_seed: int = 20261123  # looked at once, after every choice was made
    fresh_items: int = 320
    duplicate_items: int = ITEMS  # drawn per department to choose the duplicate threshold on
    fewest: int = 20  # 5..100 training pictures, below which a category is not learned
    teacher_width: int = 256  # 64..512 directions of the teacher's features
    style: str = "softmax"  # or normalised, contrastive
    resnet_resolution: int = 80  # 64..224 px seen of 224
    cnn_resolution: int = 112  # 64..224
    wardrobe_held_out: float = 0.15
    photographs_held_out: float = PHOTOGRAPHS_HELD_OUT
    # phases: "all" departments together, then each "department"
    resnet: dict[str, Recipe] = field(default_factory=lambda: {"all": TOGETHER, "department": LIGHTLY})
    cnn: dict[str, Recipe] = field(default_factory=lambda: {"all": TOGETHER, "department": DEPARTMENT})
