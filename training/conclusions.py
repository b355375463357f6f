"""What a reader should conclude from a report's figures, in words: by rules, from the JSON alone.

A difference counts where its 95 % interval leaves out zero, and is called none that can be told where it
does not. No imports.
"""

from collections.abc import Mapping
from typing import Any

FEW = 100  # groups, below which intervals are wide
MISPLACED = 0.05  # of calibration error, from which on it is told
Figures = Mapping[str, Any]


def concluded(of: Figures) -> list[str]:
    """Sentences about one set of pictures, the most important first."""
    found = [against_guessing(of), *against_others(of), network_or_both(of), weight(of), sure(of)]
    found += [hidden(of), *weakest(of), doubt(of)]
    return [sentence for sentence in found if sentence]


def told(figure: Mapping[str, float | None]) -> str:
    """A figure and its interval."""
    if figure["value"] is None:
        return "not known"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def verdict(difference: Mapping[str, float | None]) -> str:
    """``better``, ``worse`` or ``""`` for none that can be told."""
    if difference["low"] is None or difference["high"] is None:
        return ""
    return "better" if difference["low"] > 0 else "worse" if difference["high"] < 0 else ""


def against_guessing(of: Figures) -> str:
    """Whether telling styles is worth more than always saying the commonest."""
    found, guess = of["style"]["ensemble"]["top_1"], of["commonest_style"]
    if found["value"] is None or guess is None:
        return "No picture has a style that the networks know: how well they tell it is not known."
    commonest = max(of["styles"], key=of["styles"].get)
    start = f"The style is told right for {told(found)} of the pictures; always saying {commonest!r} "
    start += f"would be right for {guess:.3f}. "
    how = verdict(of["better_than_commonest"])
    if how == "better":
        return start + f"The networks tell styles apart, better by {told(of['better_than_commonest'])}."
    if how == "worse":
        return start + "That is worse than guessing: do not use these networks on such pictures."
    return start + "That is no better than guessing, as far as this many pictures can tell."


def against_others(of: Figures) -> list[str]:
    """Whether the ensemble's neighbours are better than those that colours alone or chance give."""
    found = []
    ours = of["retrieval"]["ensemble"]["precision_at_10"]
    if ours["value"] is None:
        return []
    for name, words in (("random", "items taken at random"), ("colour histogram", "colours alone")):
        theirs, difference = of["retrieval"][name]["precision_at_10"], of["ensemble_better_by"][name]
        start = f"Of an item's ten nearest neighbours {told(ours)} have its style; with {words} it is "
        start += f"{theirs['value']:.3f}. "
        if verdict(difference):
            start += f"The ensemble is {verdict(difference)} by {told(abs_of(difference))}."
        else:
            start += "No difference can be told."
        found.append(start)
    return found


def network_or_both(of: Figures) -> str:
    """Whether two networks rank better than one."""
    better = {name: verdict(of["ensemble_better_by"][name]) for name in ("resnet50", "style_cnn")}
    titles = {"resnet50": "ResNet-50", "style_cnn": "the custom CNN"}
    words = []
    for name, how in better.items():
        difference = of["ensemble_better_by"][name]
        if difference["value"] is None:
            return ""
        if how:
            words.append(f"{how} than {titles[name]} alone (by {told(abs_of(difference))})")
        else:
            words.append(f"neither better nor worse than {titles[name]} alone, as far as can be told")
    return f"The ensemble ranks {words[0]}, and {words[1]}."


def weight(of: Figures) -> str:
    """Whether another weight of the two networks would do better."""
    swept = of["weights"]
    if swept["best_better_by"]["value"] is None:
        return ""
    if swept["best"] == swept["card"]:
        return f"Of all weights tried, the card's, {swept['card']} for ResNet-50, is the best."
    start = f"On one half of the groups {swept['best']} for ResNet-50 is the best weight; on the other half "
    gain = swept["best_better_by"]
    if verdict(gain) == "better":
        return start + f"it is better than the card's {swept['card']} by {told(gain)}: consider it."
    return start + f"it is not better than the card's {swept['card']}, as far as can be told: leave that."


def sure(of: Figures) -> str:
    """Whether probabilities of styles mean what they say."""
    calibration = of["calibration"]["style"]
    if calibration["expected_error"] is None:
        return ""
    items = sum(each["items"] for each in calibration["bins"])
    says, is_right = (
        sum(each[name] * each["items"] for each in calibration["bins"]) / items for name in ("sure", "right")
    )
    start = f"A style is told with a probability of {says:.2f} on average and is right for {is_right:.2f}; "
    start += f"the expected calibration error is {calibration['expected_error']:.3f}. "
    if calibration["expected_error"] < MISPLACED:
        return start + "The probabilities can be taken at their word."
    return start + ("They promise too much." if says > is_right else "They promise too little.")


def hidden(of: Figures) -> str:
    """What the duplicate threshold does to lists."""
    served, plain = of["lists"]["ensemble, as served"], of["lists"]["ensemble"]
    if served["duplicates"]["value"] is None:
        return ""
    return (
        f"A list of twelve holds {served['duplicates']['value']:.2f} near-duplicates on average, and "
        f"{plain['duplicates']['value']:.2f} were nothing hidden (without group_id, which hides more). "
        f"{served['coverage']:.0%} of the items stand in somebody's list."
    )


def weakest(of: Figures) -> list[str]:
    """The categories at both ends."""
    known = {
        name: each["precision_at_10"]
        for name, each in of["categories"].items()
        if each["precision_at_10"]["value"] is not None
    }
    if len(known) < 2:
        return []
    ordered = sorted(known, key=lambda name: known[name]["value"])
    worst, best = ordered[0], ordered[-1]
    words = f"Neighbours are best for {best!r}, {told(known[best])}, "
    words += f"and worst for {worst!r}, {told(known[worst])}"
    apart = known[worst]["high"] < known[best]["low"]
    return [words + ("." if apart else "; their intervals overlap, so that may be chance.")]


def doubt(of: Figures) -> str:
    """What the figures can not tell."""
    words = f"All of this is of {of['pictures']} pictures in {of['groups']} groups"
    if of["groups"] < FEW:
        words += ", which are few: expect other figures of other pictures"
    return words + ". Intervals tell of chance in who was photographed, not of labels that are wrong."


def abs_of(difference: Mapping[str, float | None]) -> dict[str, float | None]:
    """A difference that leaves out zero, without its sign."""
    low, high = difference["low"], difference["high"]
    assert low is not None
    assert high is not None
    assert difference["value"] is not None
    return {
        "value": abs(difference["value"]),
        "low": min(abs(low), abs(high)),
        "high": max(abs(low), abs(high)),
    }
