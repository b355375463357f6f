"""How to train one network: every hyper-parameter. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Hyper-parameters, each with the range in which it is worth trying."""

    epochs: int = 12  # 5..300 from nothing, 2..20 to fine-tune
    batch: int = 64  # 32..512
    learning_rate: float = 1e-3  # 3e-4..3e-3 from nothing, a third of it to fine-tune
    weight_decay: float = 0.05  # 0.01..0.1
    warm_up: float = 0.1  # 0.02..0.2 of all steps
    small_epochs: float = 0.5  # 0..0.7 of the epochs, the first, at a smaller picture
    small_side: int = 160  # 112..192 px of 224
    balance: float = 0.5  # 0..1, towards styles equally often
    smoothing: float = 0.05  # 0..0.2 of the style and category labels
    style: str = "normalised"  # or softmax, contrastive: what the embedding learns styles by
    style_loss: float = 1.0  # 0..1; 0 to learn from the teacher alone
    category_loss: float = 0.5  # 0..1
    teacher_loss: float = 4.0  # 0..10; 0 leaves the teacher out
    mixed: float = 0.0  # 0..0.7 of the batches are blended pictures, of which only a live teacher speaks
    mixed_labels: bool = False  # or the labels of both pictures count too, each by its share
    variety: str = "light"  # or strong: how far views are from their pictures
    tune: str = "all"  # or last, heads: what is trained (training.models.tuned)
    longest_gradient: float = 5.0  # 1..10
    bfloat16: bool = True  # autocast, where the device is the faster for it (Place.bfloat16)
    seed: int = 1
    patience: int = 0  # 3..10 epochs without a better validation loss, after which it stops; 0: never
