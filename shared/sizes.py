"""Which labels of sizes mean the same size. Standard library only; pure.

A label has a name, the same for all its spellings: ``x-small`` is XS, ``2xl`` XXL, ``EU38`` EU 38. What a
number means depends on the department and on what is sized: a 42 shoe is not a 42 dress. Where the tables
below know a number of one country, its name is the one in the table's first column, so that UK 10 and US 6
of a dress are EU 38. Letters and numbers stay apart: printed charts put EU 38 under S, M or between.

A number without a country is of the department's usual scale where only one scale has it, see ``USUAL``;
everywhere else it is itself and nothing more, as is every label that no table knows.
"""

import re
from collections.abc import Mapping, Sequence

#: What can be sized by a table; "" is everything else, and what cannot be known.
KINDS = ("shoes", "trousers", "clothing", "")

_WORDS = {
    "shoes": """shoe shoes footwear boot boots sneaker sneakers trainers heel heels pump pumps sandal sandals
        loafer loafers slipper slippers flats clogs mules brogues oxfords espadrilles moccasins""",
    "trousers": """trouser trousers pant pants jean jeans shorts chino chinos slacks leggings joggers
        sweatpants culottes""",
    "clothing": """clothes clothing dress dresses gown skirt skirts coat coats jacket jackets blazer blazers
        blouse blouses shirt shirts top tops tee tees tank tanks hoodie hoodies sweatshirt sweatshirts sweater
        sweaters jumper jumpers cardigan cardigans pullover pullovers knitwear suit suits jumpsuit jumpsuits
        vest vests waistcoat waistcoats parka parkas outerwear undershirt tunic tunics polo polos sleeve
        sleeves""",
    "": """bag bags belt belts hat hats cap caps glove gloves scarf scarves sock socks tights bra bras
        lingerie jewellery jewelry ring rings watch watches accessory accessories care""",
}
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split()}

Column = Sequence[float]


def _steps(first: float, last: float, step: float = 2) -> Column:
    return [first + step * place for place in range(int((last - first) / step) + 1)]


#: The same size along a row, per department and kind; docs/sizes.md names the sources. Makers differ by a
#: size, and so do printed tables.
TABLES: Mapping[tuple[str, str], Mapping[str, Column]] = {
    # British shops: UK + 28, US + 32. Charts that start from German sizes put UK 10 at EU 36.
    ("womenswear", "clothing"): {"EU": _steps(32, 60), "UK": _steps(4, 32), "US": _steps(0, 28)},
    # The same, up to where a number may as well be a waist in inches. Charts disagree by two sizes about
    # which EU size a woman's waist is, so W28 is no other size.
    ("womenswear", "trousers"): {"EU": _steps(32, 54), "UK": _steps(4, 26), "US": _steps(0, 22)},
    # UK and US are the chest in inches, EU about half of it in centimetres: 10 more.
    ("menswear", "clothing"): {"EU": _steps(42, 66), "UK": _steps(32, 56), "US": _steps(32, 56)},
    # The waist in inches; EU is 16 more.
    ("menswear", "trousers"): {
        "W": _steps(26, 44, 1),
        "EU": _steps(42, 60, 1),
        "UK": _steps(26, 44, 1),
        "US": _steps(26, 44, 1),
    },
    # What shops print. By the units of ISO 19407 it is EU = 1.27 (UK + 23) + 2: within one size of this for
    # UK 3 to 10 of women and UK 7 to 14 of men, up to two sizes less for smaller ones.
    ("womenswear", "shoes"): {
        "EU": _steps(35, 43, 0.5),
        "UK": _steps(2, 10, 0.5),
        "US": _steps(4, 12, 0.5),
    },
    ("menswear", "shoes"): {
        "EU": _steps(38, 48, 0.5),
        "UK": _steps(4, 14, 0.5),
        "US": _steps(5, 15, 0.5),
    },
}

#: The scale of a number without a country, where no other common scale has that number. A woman's 10 may be
#: UK or US, a man's 44 EU or a chest or a waist in inches.
USUAL: Mapping[tuple[str, str], Mapping[str, Column]] = {
    ("womenswear", "clothing"): {"EU": _steps(34, 60)},
    ("womenswear", "trousers"): {"W": _steps(23, 33, 1), "EU": _steps(36, 60)},
    ("menswear", "trousers"): {"W": _steps(26, 40, 1)},
    ("womenswear", "shoes"): {"EU": _steps(34, 50, 0.5)},
    ("menswear", "shoes"): {"EU": _steps(34, 50, 0.5)},
}

_ONE = {"one size", "one-size", "onesize", "1 size", "os", "o/s", "osfa", "osfm", "free size"}
_ONE |= {"one size fits all", "one size fits most"}
_LETTERS = re.compile(r"(?:([1-9])[\s-]?x[\s-]?|((?:(?:x|extra)[\s-]?)*))(s|small|l|large)")
_COUNTRY = "(eur|eu|uk|gb|usa|us)"
_NUMBER = r"(0|[1-9]\d{0,2}(?:\.[05])?)"
_BEFORE = re.compile(rf"{_COUNTRY}[\s:.-]*{_NUMBER}")
_BEHIND = re.compile(rf"{_NUMBER}\s?{_COUNTRY}")
_SYSTEM = {"eur": "EU", "eu": "EU", "uk": "UK", "gb": "UK", "usa": "US", "us": "US"}
_WAIST = re.compile(r"w\s?([2-6]\d)(?:[\s/x-]*l?\s?([2-4]\d))?|([2-6]\d)\s?w[\s/x-]*([2-4]\d)\s?l")
_PAIR = re.compile(r"(\d\d)\s?[/x]\s?(\d\d)")
_LENGTHS = {"womenswear": range(26, 35), "menswear": range(26, 39)}


def kind_of(category: str | None) -> str:
    """What the items of a category are sized as, one of ``KINDS``: by the last English word that tells.

    A category of several things, such as ``Bras & Tanks``, is a kind only if all that tell are of it.
    """
    told = set()
    for part in re.split(r"[&,/+|]|\band\b", (category or "").casefold()):
        known = [_KIND[word] for word in re.findall(r"\w+", part) if word in _KIND]
        told.update(known[-1:])
    return told.pop() if len(told) == 1 else ""


def names(label: str, department: str, kind: str) -> tuple[str, ...]:
    """The names a label has on an item of ``kind`` in ``department``: its own and, after it, the wider ones.

    ``W32 L34`` is also W32: who asks for a waist takes any length. A label that no table knows is its own
    name, trimmed and in lower case, as no name of a table is. A name is its own first name, so that it can
    be asked for.
    """
    words = label.strip().casefold()
    text = re.sub(r"\s?½|\s1/2\b", ".5", re.sub(r"(?<=\d),(?=5\b)", ".", words))
    text = re.sub(r"^size[\s:]+", "", text)
    if text in _ONE:
        return ("One size",)
    if text in ("m", "med", "medium"):
        return ("M",)
    if letters := _LETTERS.fullmatch(text):
        return (_letters(int(letters[1] or (letters[2] or "").count("x")), letters[3][0].upper()),)
    if kind != "shoes" and (waist := _WAIST.fullmatch(text)):
        return _waist(waist[1] or waist[3], waist[2] or waist[4])
    if kind == "trousers" and (pair := _PAIR.fullmatch(text)):
        usual = USUAL[department, kind]["W"]
        if int(pair[1]) in usual and int(pair[2]) in _LENGTHS[department]:
            return _waist(pair[1], pair[2])
    if told := _BEFORE.fullmatch(text):
        return (_converted(_SYSTEM[told[1]], float(told[2]), department, kind),)
    if told := _BEHIND.fullmatch(text):
        return (_converted(_SYSTEM[told[2]], float(told[1]), department, kind),)
    if re.fullmatch(_NUMBER, text):
        number = float(text)
        for system, numbers in USUAL.get((department, kind), {}).items():
            if number in numbers:
                return (_converted(system, number, department, kind),)
        return (f"{number:g}",)
    return (words,)


def order(name: str) -> tuple[int, float, float, str]:
    """What sorts names as people read them: letters, one size, waists, EU, UK, US, numbers, then the rest."""
    if name == "M":
        return 0, 0, 0, name
    if letters := re.fullmatch(r"(\d*)(X*)([SL])", name):
        times = int(letters[1] or 0) or len(letters[2])
        return 0, (1 + times) * (1 if letters[3] == "L" else -1), 0, name
    if waist := re.fullmatch(r"W(\d+)(?: L(\d+))?", name):
        return 2, float(waist[1]), float(waist[2] or 0), name
    if told := re.fullmatch(rf"(EU|UK|US)? ?{_NUMBER}", name):
        return (3 + ("EU", "UK", "US", None).index(told[1])), float(told[2]), 0, name
    return (1 if name == "One size" else 7), 0, 0, name


def _letters(times: int, end: str) -> str:
    return f"{times}X{end}" if times > 2 else "X" * times + end


def _waist(waist: str, length: str | None) -> tuple[str, ...]:
    return (f"W{waist} L{length}", f"W{waist}") if length else (f"W{waist}",)


def _converted(system: str, number: float, department: str, kind: str) -> str:
    """The name of a country's number: that of its row in the table, or of itself if none has it."""
    table = TABLES.get((department, kind), {})
    if number in table.get(system, ()):
        row = list(table[system]).index(number)
        system, column = next(iter(table.items()))
        number = column[row]
    return f"{system}{number:g}" if system == "W" else f"{system} {number:g}"
