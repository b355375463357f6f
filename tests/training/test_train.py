"""Training: it learns, it repeats itself, and a killed run ends as an uninterrupted one."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.data import NO_LABEL, Pictures
from training.models import StyleCNN, StyleResNet
from training.train import Lessons, Recipe, Student, decayed, fit, losses, lowest, schedule, tried

COLOURS = np.array([(220, 40, 40), (40, 200, 60), (50, 60, 220)], np.uint8)
WIDTH = 3


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """24 squares on white in three colours: a colour is a style."""
    colour = np.arange(24) % 3
    squares = np.full((24, 224, 224, 3), 255, np.uint8)
    squares[:, 50:170, 50:170] = COLOURS[colour][:, None, None]
    names = np.array(["red", "green", "blue"])[colour]
    ids = np.arange(24).astype(str)
    return Pictures("squares", squares, ids, names, names, ids, "0")


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    colour = np.arange(24) % 3
    return Lessons(colour, colour, np.eye(3, dtype=np.float32)[colour])


def recipe(**changes) -> Recipe:
    return Recipe(**{"epochs": 6, "batch": 12, "small_side": 112, "learning_rate": 3e-3} | changes)


def student(network=StyleCNN, *sizes) -> Student:
    torch.manual_seed(1)
    return Student(network(3, *sizes), WIDTH)


def weights(of: Student) -> dict:
    return {name: value.clone() for name, value in of.state_dict().items()}


def test_it_learns_a_tiny_set_by_heart(pictures, lessons, tmp_path):
    learner = student()
    fit(learner, pictures, lessons, np.arange(24), recipe(epochs=12), tmp_path / "run.pt")
    from shared.pictures import normalise

    with torch.inference_mode():
        answer = learner.network(torch.from_numpy(normalise(pictures.squares)))
        seen = learner.to_teacher(answer.embedding)
    assert (answer.style.argmax(1).numpy() == lessons.styles).all()
    assert torch.nn.functional.cosine_similarity(seen, torch.from_numpy(lessons.teacher)).mean() > 0.9


def test_the_resnet_takes_a_step(pictures, lessons, tmp_path):
    learner = student(StyleResNet, 3)
    before = weights(learner)
    fit(learner, pictures, lessons, np.arange(8), recipe(epochs=1, batch=8), tmp_path / "run.pt")
    changed = [name for name, value in learner.state_dict().items() if not torch.equal(value, before[name])]
    assert {
        "network.trunk.conv1.weight",
        "network.style.weight",
        "network.category.weight",
        "to_teacher.weight",
    } <= set(changed)
    assert all(torch.isfinite(value).all() for value in learner.state_dict().values())


def test_a_killed_run_ends_as_an_uninterrupted_one(pictures, lessons, tmp_path):
    whole = student()
    fit(whole, pictures, lessons, np.arange(24), recipe(epochs=3), tmp_path / "whole.pt")

    class Killed(Exception):
        pass

    class Dying(StyleCNN):
        """A network that is killed in the first batch of the third epoch."""

        calls = 0

        def forward(self, pictures):
            if self.training:
                self.calls += 1
                if self.calls == 5:
                    raise Killed
            return super().forward(pictures)

    with pytest.raises(Killed):
        fit(student(Dying), pictures, lessons, np.arange(24), recipe(epochs=3), tmp_path / "part.pt")
    torch.manual_seed(99)
    resumed = Student(StyleCNN(3), WIDTH)  # whatever it starts from
    fit(resumed, pictures, lessons, np.arange(24), recipe(epochs=3), tmp_path / "part.pt")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_it_stops_when_the_validation_gets_no_better_and_keeps_the_best(pictures, lessons, tmp_path):
    wrong = Lessons((lessons.styles + 1) % 3, lessons.categories, lessons.teacher)
    mixed = Lessons(
        np.where(np.arange(24) < 12, lessons.styles, wrong.styles), lessons.categories, lessons.teacher
    )
    # what is learned of the first twelve is wrong of the others: the validation only gets worse
    told = recipe(epochs=20, patience=2)
    learner = student()
    fit(learner, pictures, mixed, np.arange(12), told, tmp_path / "run.pt", validation=np.arange(12, 24))
    history = learner.history
    assert len(history) < 20
    best = lowest(history)
    assert len(history) - best["epoch"] == 2
    again = tried(learner, pictures, mixed, np.arange(12, 24), told)
    assert again["validation_loss"] == pytest.approx(best["validation_loss"], abs=1e-4)
    resumed = student()
    fit(resumed, pictures, mixed, np.arange(12), told, tmp_path / "run.pt", validation=np.arange(12, 24))
    assert resumed.history == history
    for name, value in learner.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_what_each_epoch_came_to_is_kept_and_drawn(pictures, lessons, tmp_path):
    tensorboard = pytest.importorskip("tensorboard", reason="curves need tensorboard, of the training group")
    assert tensorboard
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    learner = student()
    with SummaryWriter(str(tmp_path / "board")) as board:
        rows = np.arange(24)
        fit(learner, pictures, lessons, rows, recipe(epochs=3), tmp_path / "run.pt", rows, board)
    assert [each["epoch"] for each in learner.history] == [1, 2, 3]
    assert learner.history[2]["loss"] < learner.history[0]["loss"]
    drawn = EventAccumulator(str(tmp_path / "board")).Reload()
    assert [each.value for each in drawn.Scalars("run/loss")] == pytest.approx(
        [each["loss"] for each in learner.history]
    )
    assert len(drawn.Scalars("run/validation_right")) == 3


def test_a_finished_run_is_not_run_again(pictures, lessons, tmp_path):
    learner = student()
    fit(learner, pictures, lessons, np.arange(24), recipe(epochs=1), tmp_path / "run.pt")
    before = weights(learner)
    fit(learner, pictures, lessons, np.arange(24), recipe(epochs=1), tmp_path / "run.pt")
    assert all(torch.equal(value, before[name]) for name, value in learner.state_dict().items())


def test_a_checkpoint_explains_itself_and_another_recipe_refuses_it(pictures, lessons, tmp_path):
    fit(student(), pictures, lessons, np.arange(24), recipe(epochs=1), tmp_path / "run.pt")
    kept = torch.load(tmp_path / "run.pt", weights_only=True)
    assert kept["what"] == "run: 1 of 1 epochs of StyleCNN"
    assert kept["recipe"]["batch"] == 12
    with pytest.raises(ValueError, match="expected a run of"):
        fit(student(), pictures, lessons, np.arange(24), recipe(epochs=2), tmp_path / "run.pt")


def test_pictures_without_labels_teach_only_what_the_teacher_says(lessons):
    learner = student(StyleResNet, 3)
    unlabelled = Lessons(np.full(24, NO_LABEL), np.full(24, NO_LABEL), lessons.teacher)
    answer = learner.network.eval()(torch.randn(2, 3, 224, 224))
    style, category, teacher, right = losses(
        answer,
        learner.to_teacher(answer.embedding),
        torch.from_numpy(lessons.teacher[:2]),
        unlabelled,
        np.arange(2),
        recipe(),
    )
    assert style == 0
    assert category == 0
    assert teacher > 0
    assert right == 0


def test_the_learning_rate_rises_then_falls():
    rates = [schedule(step / 100, 0.1) for step in range(101)]
    assert rates[0] < 0.05
    assert max(rates) == pytest.approx(1)
    assert rates.index(max(rates)) == 10
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_biases_and_normalisations_do_not_decay():
    matrices, vectors = decayed(student(), 0.05)
    assert {each.ndim for each in vectors["params"]} == {1}
    assert vectors["weight_decay"] == 0
    assert min(each.ndim for each in matrices["params"]) == 2


def test_a_teacher_is_asked_about_every_view_and_blends_have_no_labels(pictures, lessons, tmp_path):
    asked = []

    def teacher(views):
        asked.append(views)
        return torch.eye(WIDTH)[torch.arange(len(views)) % WIDTH]

    learner = student()
    told = recipe(epochs=2, batch=8, mixed=1.0)
    fit(learner, pictures, lessons, np.arange(24), told, tmp_path / "run.pt", teacher=teacher)
    assert len(asked) >= 4
    assert all(each.shape == (8, 3, side, side) for each, side in zip(asked, [112] * 3, strict=False))
    assert learner.history[0]["style"] == 0  # nobody says what a blend is
    assert learner.history[0]["teacher"] > 0


def test_a_blend_is_told_as_both_of_its_pictures(pictures, lessons, tmp_path):
    told = recipe(epochs=1, batch=8, mixed=1.0, mixed_labels=True, teacher_loss=0.0)
    learner = student(StyleResNet, 3).eval()
    answer, seen = learner(torch.rand(3, 3, 224, 224))
    target = torch.ones(3, WIDTH)
    own, neighbours, blend = (
        losses(answer, seen, target, lessons, np.array(rows), told, share)
        for rows, share in (([0, 1, 5], 1.0), ([5, 0, 1], 1.0), ([0, 1, 5], 0.75))
    )
    for which in (0, 1):  # style, category
        assert own[which] != neighbours[which]
        assert torch.allclose(blend[which], 0.75 * own[which] + 0.25 * neighbours[which])
    fit(learner, pictures, lessons, np.arange(24), told, tmp_path / "run.pt")
    assert learner.history[0]["style"] > 0  # blends teach, and no teacher is needed for them


def test_without_a_teacher_to_ask_what_it_said_is_not_said_of_blends(pictures, lessons, tmp_path):
    ends = []
    for mixed in (0.0, 1.0):
        learner = student()
        told = recipe(epochs=1, mixed=mixed, mixed_labels=True)
        fit(learner, pictures, lessons, np.arange(24), told, tmp_path / f"{mixed}.pt")
        ends.append(weights(learner))
    assert all(torch.equal(value, ends[1][name]) for name, value in ends[0].items())


@pytest.mark.parametrize(("what", "frozen"), [("heads", "layer4"), ("last", "layer3")])
def test_what_is_frozen_stays(pictures, lessons, tmp_path, what, frozen):
    learner = student(StyleResNet, 3, 64)
    before = weights(learner)
    told = recipe(epochs=1, batch=8, tune=what)
    fit(learner, pictures, lessons, np.arange(8), told, tmp_path / "run.pt")
    changed = {name for name, value in learner.state_dict().items() if not torch.equal(value, before[name])}
    assert "network.style.weight" in changed
    assert not any(name.startswith(("network.trunk.conv1", f"network.trunk.{frozen}")) for name in changed)
    assert any(name.startswith("network.trunk.layer4") for name in changed) == (what == "last")
    assert all(each.requires_grad for each in learner.parameters())


@pytest.mark.parametrize("style", ["softmax", "contrastive"])
def test_other_ways_to_learn_styles_learn_them_too(pictures, lessons, tmp_path, style):
    torch.manual_seed(1)
    learner = Student(StyleCNN(3, head=style), WIDTH)
    fit(learner, pictures, lessons, np.arange(24), recipe(epochs=12, style=style), tmp_path / "run.pt")
    assert learner.history[-1]["right"] > 0.9
    assert learner.history[-1]["style"] < learner.history[0]["style"]
