"""Imports point downwards, webapp knows only the public face of kg, and each library has its home."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Modules of kg from the bottom up; each imports only what stands on a line above its own here.
LEVELS = (
    ("errors", "sparql"),
    ("markup", "periods", "terms"),
    ("writing",),
    ("store",),
    ("classes", "loading", "names", "queries", "remote"),
    ("assistant", "examples", "facets", "frames", "inference", "lists", "routes", "spreadsheets", "validation"),
    ("entities", "needs", "snapshot", "tables"),
    ("descriptions", "exports", "imports", "lenses", "mappings", "mirror", "paths", "publishing"),
    ("citations", "networks", "reports", "tellings"),
    ("",),  # kg itself, the public face
    ("cli",),
)

# Where a library may be imported: in these modules and in what they contain.
HOMES = {
    "SPARQLWrapper": ("kg.remote",),
    "babel": ("webapp",),
    "click": ("kg.cli",),
    "flask": ("webapp",),
    "flask_babel": ("webapp",),
    "flask_compress": ("webapp",),
    "http": ("kg.remote",),
    "igraph": ("kg.networks",),
    "networkx": ("kg.networks",),
    "openpyxl": ("kg.spreadsheets",),
    "pandas": ("kg.frames",),
    "polars": ("kg.frames",),
    "pyoxigraph": ("kg",),  # its terms are the values of kg; its engine has a narrower home, below
    "pyshacl": ("kg.validation",),
    "rapidfuzz": ("kg.assistant", "kg.names"),
    "rdflib": ("kg.inference", "kg.networks", "kg.validation"),
    "requests": (),
    "rich": ("kg.cli", "kg.exports"),
    "socket": ("webapp",),
    "sqlite3": ("kg.names",),
    "urllib.request": (),
    "waitress": ("webapp",),
    "yaml": ("kg.citations", "kg.queries"),
}

# Where the parts of pyoxigraph that evaluate, read and write may be used.
ENGINE = {
    "Store": ("kg.store", "kg.remote"),
    "parse": ("kg.loading", "kg.terms", "kg.remote"),
    "parse_query_results": ("kg.remote",),
    "serialize": ("kg.writing",),
}


def module_name(file: Path) -> str:
    """The dotted name of a module: `kg` for kg/__init__.py."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(file): file for folder in ("kg", "webapp") for file in sorted((ROOT / folder).rglob("*.py"))}
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in FILES.items()}


def imports(name: str) -> set[str]:
    """What a module imports, anywhere in it; a name taken from a package counts as its module where it is one."""
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import of {node.module}"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {module if module in FILES else node.module for module in whole}
    return found


def level(name: str) -> int | None:
    """The place of a module of kg in LEVELS; a part of a package stands where the package does."""
    part = name.removeprefix("kg").removeprefix(".").split(".")[0]
    return next((number for number, row in enumerate(LEVELS) if part in row), None)


def inside(name: str, homes: tuple[str, ...]) -> bool:
    """True if a module is one of `homes` or lies in one."""
    return any(name == home or name.startswith(f"{home}.") for home in homes)


@pytest.mark.parametrize("name", [name for name in FILES if inside(name, ("kg",))])
def test_imports_of_kg_point_downwards(name):
    assert level(name) is not None, f"give {name} a place in LEVELS"
    package = ".".join(name.split(".")[:2])
    ours = [other for other in imports(name) if other in FILES and inside(other, ("kg",))]
    upwards = [other for other in ours if level(other) >= level(name) and not inside(other, (package,))]
    assert upwards == []


@pytest.mark.parametrize("name", [name for name in FILES if inside(name, ("kg",)) and not inside(name, ("kg.cli",))])
def test_nothing_in_kg_but_the_command_knows_the_explorer(name):
    assert not [other for other in imports(name) if inside(other, ("webapp",))]


@pytest.mark.parametrize("name", [name for name in FILES if inside(name, ("webapp",))])
def test_webapp_imports_only_the_public_face_of_kg(name):
    assert {other for other in imports(name) if inside(other, ("kg",))} <= {"kg"}


@pytest.mark.parametrize("name", [name for name in FILES if inside(name, ("kg.cli",))])
def test_the_command_imports_only_the_public_faces(name):
    ours = {other for other in imports(name) if inside(other, ("kg", "webapp")) and not inside(other, ("kg.cli",))}
    assert ours <= {"kg", "webapp"}


def test_no_modules_import_each_other_in_a_circle():
    below = {name: imports(name) & FILES.keys() - {name} for name in FILES}
    while free := {name for name, others in below.items() if not others & below.keys()}:
        below = {name: others for name, others in below.items() if name not in free}
    assert below == {}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_in_its_home_only(library):
    strangers = [
        name
        for name in FILES
        if not inside(name, HOMES[library]) and any(inside(other, (library,)) for other in imports(name))
    ]
    assert strangers == []


@pytest.mark.parametrize("part", ENGINE)
def test_the_engine_is_used_in_its_home_only(part):
    users = [name for name, tree in TREES.items() if uses(tree, part)]
    assert [name for name in users if not inside(name, ENGINE[part])] == []


def uses(tree: ast.Module, part: str) -> bool:
    """True if `ox.part(…)` or `ox.part.method(…)` is called, or the part imported by name; a type is no use."""
    called = [ast.unparse(node.func).split(".")[:2] for node in ast.walk(tree) if isinstance(node, ast.Call)]
    origins = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "pyoxigraph"]
    named = {alias.name for node in origins for alias in node.names}
    return ["ox", part] in called or ["pyoxigraph", part] in called or part in named
