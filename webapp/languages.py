"""The reader's language, and the words of the pages in it."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, g, request
from flask_babel import Babel, Domain
from markupsafe import Markup

_FOLDER = Path(__file__).parent / "translations"
_CODES = ["en", *sorted(file.stem for file in _FOLDER.glob("*.po") if "." not in file.stem)]

_WORDLESS = {None, "sparql", "vendor"}
"""The parts of the site that say the same in every language; None stands for static files."""

LANGUAGES = {code: str(Locale(code).get_display_name()).capitalize() for code in _CODES}
"""Language -> what it calls itself: English, that of the code, and each with a file in `translations/`."""


def use_languages(app: Flask) -> None:
    """Give every request a language: `?lang=`, else the best of Accept-Language, else English."""
    app.before_request(_choose)
    app.url_defaults(_keep)
    app.after_request(_declare)
    words, known = Domain(), {language: catalogue(language) for language in LANGUAGES}
    words.cache.update({(language, "messages"): said for language, said in known.items()})
    Babel(app, locale_selector=lambda: g.get("language", "en")).domain_instance = words

    def said(text: str) -> str:
        return str(known[g.get("language", "en")].ugettext(text))

    def counted(one: str, many: str, number: int) -> str:
        return str(known[g.get("language", "en")].ungettext(one, many, number))

    @lru_cache(maxsize=5000)
    def plain(text: str, language: str) -> Markup:
        return Markup(known[language].ugettext(text)) % {}  # noqa: S704

    def marked(text: str, /, **values: object) -> str:
        return Markup(said(text)) % values if values else plain(text, g.get("language", "en"))  # noqa: S704

    app.jinja_env.install_gettext_callables(said, counted, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = marked  # a page says hundreds of words, the same as the last one


def catalogue(language: str) -> Translations:
    """The translations in `translations/<language>.po`, compiled here and now; none for English, that of the code."""
    file = _FOLDER / f"{language}.po"
    if not file.exists():
        return Translations()
    compiled = BytesIO()
    with file.open("rb") as text:
        write_mo(compiled, read_po(text, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=1000)
def direction(language: str) -> str:
    """`rtl` for a language written from right to left, else `ltr`."""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (ValueError, UnknownLocaleError):
        return "ltr"


def _choose() -> None:
    asked = request.args.get("lang", "")
    g.language_given = asked in LANGUAGES
    g.language = asked if g.language_given else _best()


def _best() -> str:
    """The first of our languages that the browser names, with or without a country: `ar` for ar-TN."""
    named = (tag for tag, quality in request.accept_languages if quality > 0)
    known = (code for tag in named for code in (tag, tag.partition("-")[0]) if code in LANGUAGES)
    return next(known, "en")


def _keep(endpoint: str, values: dict[str, object]) -> None:
    """A language chosen in the address stays in the addresses of the page."""
    if g.get("language_given") and endpoint != "static":
        values.setdefault("lang", g.language)


def _declare(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = g.get("language", "en")
    if request.blueprint not in _WORDLESS:
        response.vary.add("Accept-Language")
    return response
