"""The shape of the program: which module may import which, and how long a module may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("shared", "functions", "scripts", "training", "app")
    for path in (ROOT / folder).rglob("*.py")
)

# From the inside out; a module imports its own layer and those before it. A name stands for a module of
# `shared` or, ending in a dot, for everything below a package.
LAYERS = [
    {"errors"},
    {"departments", "facts", "vectors", "card", "profile", "items", "catalogue", "ranking", "diversity",
     "exploration", "halves", "codes", "sizes", "offered", "filters", "facets", "likeness", "page", "cursor",
     "bodies", "rows", "deltas", "laying", "snapshots", "visible", "prices", "dialect", "projection",
     "duplicates", "documents", "engine", "fetching"},
    {"storage.ports", "storage.pieces", "encoder", "pictures", "tables", "manifest", "log", "logs", "reader",
     "rejected", "reports", "events", "stages", "stock"},
    {"registering", "asking", "preparing", "recommending", "styling", "photographs", "embedding",
     "tabulating",
     "compacting", "reconciling", "lives", "previewing", "inspecting"},
    {"settings", "cors", "web", "wiring", "storage.folder", "storage.sqlite", "storage.sidecar",
     "storage.disk", "storage.gcs", "storage.firestore", "storage.firestore_items", "storage.indexed",
     "storage.vertex_items", "storage.patient"},
    {"contract", "calling", "client", "inspector"},
]  # fmt: skip
DOMAIN = LAYERS[1]
# Who may import a library that makes a start slow or ties the program to a place.
ONLY = {
    "torch": ("training/",),
    "torchvision": ("training/",),
    "pandas": ("training/",),
    "sklearn": ("training/",),
    "onnx": ("training/", "tests/"),
    "apache_beam": ("training/embed_pipeline.py",),
    "google": (
        "shared/storage/gcs.py",
        "shared/storage/firestore",
        "shared/storage/vertex_items.py",
        "app/signed.py",
    ),
    "google_crc32c": ("shared/storage/gcs.py",),
    "onnxruntime": ("shared/encoder.py", "training/"),
    "streamlit": ("app/",),
    "starlette": ("app/",),
    "PIL": ("shared/pictures.py", "scripts/wardrobe/", "scripts/sheets/", "training/", "app/pictures.py"),
    "numkong": ("shared/codes.py", "shared/ranking.py"),
    "sqlite3": ("shared/storage/sqlite.py",),
    "flask": ("shared/web.py", "functions/"),
    "functions_framework": ("functions/",),
    "httpx": ("shared/calling.py", "scripts/"),
    "shared.client": ("app/", "scripts/"),
    "shared.inspector": ("app/",),
}
PICKLES = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}


def imports(path: Path) -> set[str]:
    """Every module a file names in an import, at any depth of the code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def layer(module: str) -> int | None:
    """The layer of a module of `shared`, None for anything else."""
    for number, modules in enumerate(LAYERS):
        if any(within(module, f"shared.{inner}") for inner in modules):
            return number
    return None


def test_every_module_of_shared_has_a_layer() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "shared").rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert [module for module in modules if layer(module) is None] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if name(path).startswith("shared/")], ids=name)
def test_imports_point_inwards(path: Path) -> None:
    own = layer(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        assert path.name == "__init__.py"
        return
    outwards = {module for module in imports(path) if (layer(module) or 0) > own}
    assert outwards == set(), f"{name(path)} is of layer {own}"


@pytest.mark.parametrize("path", [path for path in SOURCES if name(path).startswith("shared/")], ids=name)
def test_shared_knows_nothing_of_those_who_use_it(path: Path) -> None:
    users = ("scripts", "training", "app", "functions", "tests", "benchmarks")
    assert {module for module in imports(path) for user in users if within(module, user)} == set()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    strays = {
        library
        for library, places in ONLY.items()
        if any(within(module, library) for module in imports(path)) and not name(path).startswith(places)
    }
    assert strays == set()


@pytest.mark.parametrize("module", sorted(DOMAIN))
def test_the_domain_uses_arrays_and_the_standard_library_only(module: str) -> None:
    path = ROOT / "shared" / f"{module}.py"
    strangers = {"onnxruntime", "PIL", "flask", "google", "sqlite3", "functions_framework", "httpx", "os"}
    assert {imported.split(".")[0] for imported in imports(path)} & strangers == set()


def test_the_app_talks_http_only() -> None:
    for path in (ROOT / "app").rglob("*.py"):
        allowed = ("shared.client", "shared.inspector")
        ours = {module for module in imports(path) if within(module, "shared")}
        assert all(module.startswith(allowed) for module in ours), name(path)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_executes_what_it_loads(path: Path) -> None:
    assert {module.split(".")[0] for module in imports(path)} & PICKLES == set()
    assert "allow_pickle=True" not in path.read_text()
    assert "weights_only=False" not in path.read_text()


@pytest.mark.parametrize(
    "folder", sorted(path for path in (ROOT / "functions").iterdir() if path.is_dir()), ids=name
)
def test_a_function_is_one_short_python_file(folder: Path) -> None:
    files = sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")
    assert files == ["main.py", "requirements.txt"]
    assert len((folder / "main.py").read_text().splitlines()) <= 60


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_module_outgrows_its_noun(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", [path for path in SOURCES if path.read_text()], ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", [path for path in SOURCES if name(path).startswith("shared/")], ids=name)
def test_no_type_is_first_used_by_two_threads_at_once(path: Path) -> None:
    """msgspec 0.22 crashes the process then: decoders are made when a module is imported."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    decodes = [call for call in calls if ast.unparse(call.func).endswith(".decode")]
    assert [ast.unparse(call) for call in decodes if "type" in {word.arg for word in call.keywords}] == []
    converts = [call for call in calls if ast.unparse(call.func) == "msgspec.convert"]
    assert not converts or name(path) in (
        "shared/bodies.py",
        "shared/events.py",
    )  # which know the type before


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "data2"}
    assert [name(path) for path in SOURCES if path.stem in empty] == []
