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
    epochs=90, batch=128, learning_rate=2e-3, small_epochs=0, variety="strong", mixed=0.3, smoothing=0.1,
    teacher_loss=1.5,
)  # fmt: skip

SHARPEN = Recipe(learning_rate=6e-4, small_epochs=0, teacher_loss=1.0, smoothing=0.1, seed=4)


@dataclass(frozen=True)
class Plan:
    """What to train on and how long; the defaults are those of the committed bundles."""

    photographs: Path
    shop: Path | None = None  # only measured
    cache: Path = ROOT / ".local" / "training"
    output: Path = ROOT / "models"
    version: str = "demo-2"
    items: int = 1500  # 200..5000 drawn per department
    seed: int = 1009  # of the drawn items; not the demo's
    more_items: int = 1500  # 0..5000 drawn per department for the last phase, none of them held out
    more_seed: int = 1010
    demo_seed: int = 7  # what `make demo` draws: never trained on, only measured
    demo_items: int = 320
    fresh_seed: int = 20261123  # looked at once, after every choice was made
    fresh_items: int = 320
    duplicate_items: int = ITEMS  # drawn per department to choose the duplicate threshold on
    views: int = 1  # 0..6 varied copies of each training photograph
    fewest: int = 20  # 5..100 training pictures, below which a category is not learned
    teacher_width: int = 256  # 64..512 directions of the teacher's features
    style: str = "normalised"  # or softmax, contrastive
    resnet_resolution: int = 80  # 64..224 px seen of 224
    cnn_resolution: int = 112  # 64..224
    wardrobe_held_out: float = 0.15
    photographs_held_out: float = PHOTOGRAPHS_HELD_OUT
    ask_teacher: bool = False  # about every view; needs a GPU, and brings more than varied copies do
    # phases: "all" departments together, each "department", each with more drawn items ("finish", "polish"),
    # and at last with the photographs and their varied copies, nearer to styles and further from the teacher
    resnet: dict[str, Recipe] = field(
        default_factory=lambda: {
            "all": Recipe(epochs=6, small_epochs=1, batch=32),
            "finish": Recipe(epochs=5, small_epochs=1, batch=32, learning_rate=8e-4, seed=2),
            "polish": Recipe(epochs=4, small_epochs=1, batch=32, learning_rate=6e-4, seed=3),
            "sharpen": replace(SHARPEN, epochs=5, small_epochs=1, batch=32),
        }
    )
    cnn: dict[str, Recipe] = field(
        default_factory=lambda: {
            "all": Recipe(epochs=12),
            "department": Recipe(epochs=12, small_epochs=0, learning_rate=8e-4, seed=2),
            "finish": Recipe(epochs=6, small_epochs=0, learning_rate=6e-4, seed=3),
            "sharpen": replace(SHARPEN, epochs=10),
        }
    )
