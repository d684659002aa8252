"""The catalogues: French is complete, the others say nothing that the pages do not, and errors speak them too."""

# ruff: noqa: RUF001 - the apostrophes and dashes of French

import ast
import builtins
import re
from collections.abc import Iterator
from html import escape
from itertools import product
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from pages import BROWSER, Texts

import kg
import webapp
from webapp import forms, links, marking, wording
from webapp.languages import LANGUAGES
from webapp.sentences import said

FOLDER = Path(webapp.__file__).parent
TRANSLATIONS = FOLDER / "translations"
QUERIES = kg.ROOT / "queries"
PLACE = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")

# What only those who build the graph, use the command line or write Python ever read: in English.
NOT_FOR_READERS = {
    "kg/assistant/words.py": "a query that the assistant cannot read gets no advice; nobody sees why",
    "kg/cli/": "the command itself",
    "kg/exports.py: cannot be written": "a folder or file to write to is named on the command line",
    "kg/frames.py": "tables of pandas and polars are for Python",
    "kg/imports/": "records are imported from the command line",
    "kg/inference.py": "rules are run when a graph is built",
    "kg/loading.py": "files are read when a graph is built",
    "kg/networks/answers.py": "networks of networkx and igraph are for Python",
    "kg/publishing.py": "a graph is published from the command line",
    "kg/remote.py": "another endpoint is asked from the command line",
    "kg/snapshot.py: cannot write": "a snapshot is written when a graph is built",
    "kg/store.py: cannot write": "a store is written when a graph is built",
    "kg/mirror.py": "a mirror is taken when the server starts",
    "kg/names.py: cannot write": "names are indexed when a graph is built",
    "kg/validation.py": "shapes are checked apart, and what fails there is written down",
    "webapp/limits.py: the setting": "settings are read when the server starts",
}
OF_FILES = {"FileError", "HeaderError", "RDFSyntaxError"}
"""A fault in a file of the project, found by its tests."""

COMPOSED = {
    "QuerySyntaxError": [kg.QuerySyntaxError("x"), kg.QuerySyntaxError("x", 1, 2, "SELECT", "cities/all")],
    "UnknownNameError": [kg.UnknownNameError("x"), kg.UnknownNameError("x", ["y"])],
    "UnknownQueryError": [kg.UnknownQueryError("aaa", ["aab"]), kg.UnknownQueryError("x", [])],
    "UnknownNetworkError": [kg.UnknownNetworkError("aaa", ["aab"]), kg.UnknownNetworkError("x", ["yyy"])],
}
"""Errors whose sentence is put together, with one of each form."""


OTHERS = [code for code in LANGUAGES if code not in ("en", "fr")]
"""The languages that headers of query files do not speak."""
TITLED = ("compare/*", "facets/*/*", "gaps/*/*", "lenses/*", "maps/*", "networks/*", "panels/*/*", "timelines/*")
"""The queries whose summaries are headings of pages."""
TABLES = ("compare/*", "gaps/searched/*", "lists/*", "panels/*/*")
"""The queries whose columns are headings of tables."""
IN_HEADINGS = {"button", "caption", "dt", "h1", "h2", "h3", "label", "legend", "nav", "summary", "th"}
NOT_WORDS = {"bdi", "code", "kbd", "script", "select", "style", "svg", "time"}


def catalogue(name: str) -> dict[object, object]:
    with (TRANSLATIONS / f"{name}.po").open("rb") as text:
        return {message.id: message.string for message in read_po(text, locale=name.split(".")[-1]) if message.id}


def words() -> set[object]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    return {message for _, _, message, _, _ in extract_from_dir(FOLDER, methods, options)}


def texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else (str(value),)


def headings() -> set[str]:
    """The words of the frame of all pages, and those that stand in headings, buttons, tables and labels."""
    found = set()
    for file in sorted((FOLDER / "templates").rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        parts = re.findall(r"(<(h[1-6]|th|button|label|legend|summary|title)\b.*?</\2>)", text, re.DOTALL)
        for part in [text] if file.name == "base.html" else [part for part, _ in parts]:
            found |= set(re.findall(r'gettext\("([^"]*)"|_\("([^"]*)"', part))
            found |= {(one, "") for one in re.findall(r"_\('([^']*)'", part)}
    return {one or other for one, other in found}


def asked(files: str = "**/*") -> list[kg.Question]:
    return [kg.read_question(file) for file in sorted(QUERIES.glob(f"{files}.rq"))]


def columns(questions: list[kg.Question]) -> set[str]:
    headings = [heading for question in questions for heading in question.columns.values()]
    return {heading["en"] for heading in headings if isinstance(heading, dict) and heading.get("en")}


def terms(store: kg.Store, of: str = "?any") -> set[str]:
    """What the ontology calls its terms, and those of the vocabularies that it uses."""
    rows = store.query(f'SELECT ?term ?name {{ ?term a {of} ; rdfs:label ?name FILTER (LANG(?name) = "en") }}').rows
    return {row["name"].value for row in rows if not row["term"].value.startswith(f"{kg.BASE}id/")}


def in_facts() -> set[str]:
    """The headings under which facts are read."""
    return set(re.findall(r'"([^"]+)"@en', kg.question("explorer/headings").text))


def test_french_says_every_word_of_the_pages_once_and_no_other() -> None:
    french = catalogue("fr")
    assert french.keys() == words()
    assert [word for word, said in french.items() if not all(texts(said))] == []


@pytest.mark.parametrize("file", sorted(TRANSLATIONS.glob("*.po")), ids=lambda file: file.name)
def test_no_word_is_translated_twice(file: Path) -> None:
    ids = re.findall(r'^msgid ((?:".*"\n?)+)', file.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_translates_navigation_and_headings_and_no_word_that_is_not_there(language: str) -> None:
    said = catalogue(language)
    assert said.keys() <= words()
    first = {texts(word)[0] for word, translation in said.items() if all(texts(translation))}
    assert headings() - first == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_titles_and_columns_of_query_files_that_are_headings_of_pages(
    language: str, small: kg.Snapshot
) -> None:
    said = catalogue(f"questions.{language}")
    titles = {one.summary for files in TITLED for one in asked(files)} | {pack.title for pack in kg.packs()}
    tables = {column for files in TABLES for column in columns(asked(files))}
    classes = terms(small, "owl:Class")
    assert classes
    assert sorted(text for text in titles | tables | in_facts() | classes if not said.get(text)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_nothing_that_neither_query_files_nor_terms_say(language: str, small: kg.Snapshot) -> None:
    every = asked()
    texts_of = {one.said(part, "en") for one in every for part in ("summary", "description", "caveats")}
    names = {pack.title for pack in kg.packs()} | {rule.summary for rule in kg.rules()}
    known = texts_of | names | columns(every) | in_facts() | terms(small)
    assert catalogue(f"questions.{language}").keys() - known == set()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_translation_keeps_what_is_put_into_it(language: str) -> None:
    for word, translation in catalogue(language).items():
        places = set(PLACE.findall(texts(word)[0]))
        for text in filter(None, texts(translation)):
            assert set(PLACE.findall(text)) == places, text


@pytest.mark.parametrize("file", sorted(TRANSLATIONS.glob("errors.*.po")), ids=lambda file: file.name)
def test_a_translated_error_puts_in_only_what_its_pattern_finds(file: Path) -> None:
    for pattern, translation in catalogue(file.stem).items():
        found = PLACE.findall(str(pattern))
        assert len(set(found)) == len(found), pattern
        assert set(PLACE.findall(str(translation))) <= set(found), pattern
        assert translation, pattern


def sentences(node: ast.AST) -> list[str]:
    """What an expression may say, with a 7 in each place that is only known when it is said."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else ["7"]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*map(sentences, node.values))]
    if isinstance(node, ast.FormattedValue):
        return sentences(node.value) if isinstance(node.value, ast.IfExp) else ["7"]
    if isinstance(node, ast.IfExp):
        return sentences(node.body) + sentences(node.orelse)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return ["".join(parts) for parts in product(sentences(node.left), sentences(node.right))]
    return ["7"]


def errors(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every error of ours that is made in a module, and every sentence that one gives itself, with its class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.endswith("Error") and not hasattr(builtins, name):
                yield from ((name, argument) for argument in node.args)
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and getattr(inner.func, "attr", "") == "__init__":
                    yield from ((node.name, argument) for argument in inner.args)
                if isinstance(inner, ast.Assign) and getattr(inner.targets[0], "attr", "") in ("args", "hint"):
                    value = inner.value.elts[0] if isinstance(inner.value, ast.Tuple) else inner.value
                    yield node.name, value


def told_to_readers() -> Iterator[tuple[str, str]]:
    """Each sentence that an error may say to a reader of the site, with its file."""
    for file in sorted([*(kg.ROOT / "kg").rglob("*.py"), *FOLDER.rglob("*.py")]):
        name = file.relative_to(kg.ROOT).as_posix()
        for error, expression in errors(ast.parse(file.read_text(encoding="utf-8"))):
            for sentence in sentences(expression):
                left_out = any(
                    name.startswith(place.partition(": ")[0]) and place.partition(": ")[2] in sentence
                    for place in NOT_FOR_READERS
                )
                if " " in sentence and not left_out and error not in OF_FILES | COMPOSED.keys():
                    yield name, sentence


def test_every_error_that_a_reader_can_get_is_said_in_french() -> None:
    found = [*told_to_readers(), *(("", str(error)) for some in COMPOSED.values() for error in some)]
    assert len(found) > 80
    assert [one for one in dict.fromkeys(found) if said(one[1], "fr").language != "fr"] == []


def test_the_more_a_pattern_says_itself_the_sooner_it_is_taken() -> None:
    error = kg.UnknownNameError("Tanger", ["Tangier", "Tanga"])
    assert said(str(error), "fr").text == "rien dans le graphe ne s’appelle « Tanger » ; au plus près : Tangier, Tanga"


def test_a_sentence_in_a_sentence_is_translated_too_and_numbers_take_the_form_of_the_language() -> None:
    inner = "a graph of the dataset is not an absolute IRI: x"
    assert said(f"query is not valid SPARQL: {inner}", "fr").text == (
        "la requête n’est pas du SPARQL valide : un graphe du jeu de données n’est pas un IRI absolu : x"
    )
    large = said(str(kg.NetworkTooLargeError("ties", 5000)), "fr").text
    assert large.startswith("ties a plus de 5\u202f000 liens ici")


def test_a_sentence_without_translation_stays_english_and_says_so(app: Flask) -> None:
    assert said("nobody says this", "fr").language == "en"
    assert said("there is nothing at this address", "en").language == "en"
    with app.test_request_context("/?lang=ar"):
        app.preprocess_request()
        assert marking.sentence("nobody says <this>") == '<span lang="en" dir="ltr">nobody says &lt;this&gt;</span>'


def test_an_error_speaks_the_language_of_the_reader(client: FlaskClient) -> None:
    answer = client.get("/timeline?from=nonsense&lang=fr")
    assert answer.status_code == 400
    assert answer.json["detail"] == "from=« nonsense » n’est pas une année"
    assert answer.headers["Content-Language"] == "fr"
    page = client.get("/timeline?from=nonsense&lang=fr", headers={"Accept": "text/html"}).text
    assert '<p class="sentence">from=« nonsense » n’est pas une année</p>' in page


def test_a_query_that_cannot_be_read_is_told_of_in_the_language_of_the_page(client: FlaskClient) -> None:
    page = {"Accept": "text/html"}
    french = client.get("/query/?query=SELECT&lang=fr", headers=page).text
    assert '<p class="fault" role="alert">la requête n’est pas du SPARQL valide' in french
    arabic = client.get("/query/?query=SELECT&lang=ar", headers=page).text
    assert '<p class="fault" role="alert">الاستعلام ليس SPARQL صحيحًا' in arabic


def test_a_question_that_knows_two_languages_answers_in_english_to_readers_of_a_third(client: FlaskClient) -> None:
    assert client.get("/query/cities/codes?lang=ar").status_code == 200
    assert client.get("/query/cities/codes.csv?lang=es").data == client.get("/query/cities/codes.csv?lang=en").data


def test_pages_in_a_language_without_labels_mark_what_is_english(client: FlaskClient) -> None:
    pack = kg.packs()[0]
    page = client.get(f"/query/{pack.name}/?lang=ar").text
    assert '<html lang="ar" dir="rtl">' in page
    assert f"<h1>{catalogue('questions.ar')[pack.title]}</h1>" in page
    assert f'<br><span lang="en" dir="ltr">{escape(pack.questions[0].description)}</span>' in page
    assert ">تصفّح</a>" in page


def test_a_title_without_translation_stays_english_and_says_so(app: Flask) -> None:
    pack = kg.Pack("lamps", "Lamps that nobody lights", "Des lampes", ())
    with app.test_request_context("/?lang=es"):
        app.preprocess_request()
        title = wording.worded(pack, "title", "es")
        assert marking.spoken(title) == '<span lang="en" dir="ltr">Lamps that nobody lights</span>'
        assert marking.spoken(wording.worded(pack, "title", "fr")) == '<span lang="fr" dir="ltr">Des lampes</span>'
        assert marking.spoken(wording.translated("Actor", "es")) == "Actor"


def addresses(app: Flask) -> Iterator[str]:
    """A page of each kind, and the page of a thing for each panel."""
    with app.test_request_context("/"):
        app.preprocess_request()
        things = [kg.expand(str(one.parameters[0].default)) for one in asked("panels/*/*") if one.parameters[0].default]
        yield from map(links.of, sorted(filter(None, set(things))))
        yield from (links.network({"name": one.path.stem}) for one in asked("networks/*"))
        yield from (links.pack(pack.name) for pack in kg.packs())
        yield from (
            links.members(f"{kg.ONTOLOGY}#{name}") for name in ("City", "Actor", "Event", "Publication", "Source")
        )
        yield links.compare("city:tunis", "city:tangier")
    yield from ("/", "/browse/", "/map", "/timeline", "/query/", "/query/cities/hosts", "/sources/", "/disagreements")
    yield from ("/gaps", "/contribute", "/ontology", "/downloads", "/search?q=tunis", "/network", "/path")


def test_every_heading_of_every_page_is_in_the_language_of_the_page_or_says_in_which(
    shipped_client: FlaskClient,
) -> None:
    english = set()
    for address in dict.fromkeys(addresses(shipped_client.application)):
        page = shipped_client.get(f"{address}{'&' if '?' in address else '?'}lang=ar", headers=BROWSER)
        assert page.status_code == 200, address
        for tags, language, text in Texts(page.text).found:
            if language == "ar" and tags & IN_HEADINGS and not tags & NOT_WORDS:
                latin = re.search("[a-z]", text) and not re.search("[\u0620-\u064a]", text)
                english |= {(address, text)} if latin else set()
    assert sorted(english) == []


def test_counts_have_the_six_forms_of_arabic(client: FlaskClient) -> None:
    from webapp.languages import catalogue as compiled

    arabic = compiled("ar")
    forms = [arabic.ungettext("%(num)d source", "%(num)d sources", number) for number in (0, 1, 2, 3, 11, 100)]
    assert [form.split()[1] for form in forms] == ["مصدر", "مصدر", "مصدران", "مصادر", "مصدرًا", "مصدر"]


@pytest.mark.parametrize(
    ("language", "number", "day", "money"),
    [
        ("fr", "1\u202f234,5", "3 mars 2016", "12\u202f500\xa0€"),
        ("es", "12.345,5", "3 de marzo de 2016", "12.500\xa0€"),
        ("ar", "1,234.5", "3 مارس 2016", "12,500"),
    ],
)
def test_numbers_dates_and_amounts_take_the_form_of_the_language(
    language: str, number: str, day: str, money: str
) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    figure = forms.told("12345.5" if language == "es" else "1234.5", xsd + "decimal", language)
    date = forms.told("2016-03-03", xsd + "date", language)
    assert figure is not None
    assert figure.text == number
    assert date is not None
    assert date.text == day
    assert money in forms.amount("12500", "EUR", language)


def test_the_first_of_a_month_is_counted_in_french() -> None:
    assert forms.between("2018-07-01", "2018-08-01", "fr") == "1er juil.\u2009–\u20091er août 2018"
    assert forms.between("2018-07-21", "2018-07-31", "fr") == "21–31 juil. 2018"


def test_a_moment_without_a_time_zone_is_given_none() -> None:
    told = forms.told("2018-07-02T10:00:00", "http://www.w3.org/2001/XMLSchema#dateTime", "fr")
    assert told is not None
    assert told.text == "2 juil. 2018, 10:00:00"


def test_a_browser_gets_the_language_it_asks_for_without_its_country(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "ar-TN,fr;q=0.5"})
    assert page.headers["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in page.text
    assert client.get("/", headers={"Accept-Language": "xx"}).headers["Content-Language"] == "en"


def test_every_language_is_offered_on_every_page_and_to_machines(client: FlaskClient) -> None:
    page = client.get("/browse/").text
    assert LANGUAGES == {"en": "English", "ar": "العربية", "es": "Español", "fr": "Français"}
    assert all(f'lang="{code}" hreflang="{code}">{name}</a>' in page for code, name in list(LANGUAGES.items())[1:])
    parameters = client.get("/openapi.json").json["components"]["parameters"]
    assert parameters["lang"]["schema"]["enum"] == list(LANGUAGES)
