"""The reader's language, and the words of the pages in it."""

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, g, request
from flask_babel import Babel, Domain  # type: ignore[import-untyped]

LANGUAGES = {"en": "English", "fr": "Français"}
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}

_FOLDER = Path(__file__).parent / "translations"


def use_languages(app: Flask) -> None:
    """Give every request a language: `?lang=`, else the best of Accept-Language, else English."""
    app.before_request(_choose)
    app.url_defaults(_keep)
    app.after_request(_declare)
    words = Domain()
    words.cache.update({(language, "messages"): catalogue(language) for language in LANGUAGES})
    Babel(app, locale_selector=lambda: g.get("language", "en")).domain_instance = words


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


def direction(language: str) -> str:
    """`rtl` for a language written from right to left, else `ltr`."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _choose() -> None:
    asked = request.args.get("lang", "")
    g.language_given = asked in LANGUAGES
    g.language = asked if g.language_given else request.accept_languages.best_match(LANGUAGES, "en")


def _keep(endpoint: str, values: dict[str, object]) -> None:
    """A language chosen in the address stays in the addresses of the page."""
    if g.get("language_given") and endpoint != "static":
        values.setdefault("lang", g.language)


def _declare(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = g.get("language", "en")
        response.vary.add("Accept-Language")
    return response
