"""What ranking needs of a catalogue besides its table, worked out once. numpy only."""

from collections.abc import Callable
from weakref import WeakKeyDictionary

from shared.card import Card
from shared.catalogue import Catalogue
from shared.codes import codes
from shared.departments import DEPARTMENTS
from shared.errors import ModelMissing
from shared.exploration import Styles, clusters
from shared.items import Items
from shared.stock import Stock

_styles: WeakKeyDictionary[Items, Styles] = WeakKeyDictionary()


def prepare(catalogue: Catalogue, card: Card, before: Catalogue | None = None) -> None:
    """Work out what ranking needs of a catalogue besides its table: columns, codes and style clusters.

    What did not change since the catalogue ``before`` is not encoded again.
    """
    items = catalogue.visible(card)
    if before is not None and before.space == catalogue.space:
        codes(items, before.visible(card))
    styles_of(items)


def styles_of(items: Items) -> Styles:
    """The style clusters of some items; worked out once and kept while these are."""
    if (styles := _styles.get(items)) is None:
        styles = _styles[items] = clusters(items.vectors, codes(items).nearest)
    return styles


def ready(stocks: Callable[[str], Stock]) -> dict[str, int]:
    """How many items each department shows. Raises ModelMissing if none has a model."""
    items: dict[str, int] = {}
    for department in DEPARTMENTS:
        try:
            items[department] = stocks(department).size()
        except ModelMissing:
            if department == DEPARTMENTS[-1] and not items:
                raise
    return items
