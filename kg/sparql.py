"""Just enough of SPARQL's lexical grammar to look at a query before the engine parses it.

Words inside strings, comments and IRIs are not keywords; `\\uXXXX` escapes are decoded first, as SPARQL 1.1 section
19.2 asks, so that `\\u0053ERVICE` is seen for what it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urljoin

_LETTERS = (
    r"\w\u00b7\u0300-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""What a name may be made of beside the hyphen, within brackets: PN_CHARS of SPARQL 1.1, and all that is a letter."""

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$][LETTERS]+)
  | (?P<name>(?:[^\W\d_](?:[LETTERS.-]{0,99}[LETTERS-])?)?:(?:LOCAL(?:(?:LOCAL|[.-])*(?:LOCAL|-))?)?)
  | (?P<word>@?[^\W\d_]\w*)
  | (?P<mark>[^\s])
    """.replace("LOCAL", r"(?:[LETTERS:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])").replace("LETTERS", _LETTERS),
    re.VERBOSE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Token:
    """One token: its kind (comment, iri, string, variable, name, word, mark), its text and where it starts."""

    kind: str
    text: str
    start: int


def unescape(query: str) -> str:
    """The query with its codepoint escapes decoded; an escape above U+10FFFF stays as it is."""

    def decode(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]

    return _ESCAPE.sub(decode, query) if "\\" in query else query


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query in order, comments included, blanks left out."""
    for match in _TOKEN.finditer(query):
        yield Token(match.lastgroup or "mark", match[0], match.start())


def prefixes_used(query: str, known: Mapping[str, str]) -> dict[str, str]:
    """Those of the known prefixes that stand before a colon anywhere in a query; all of them if it has escapes."""
    return {prefix: space for prefix, space in known.items() if f"{prefix}:" in query or "\\" in query}


def keywords(query: str) -> set[str]:
    """The bare words of a query in capitals: its keywords, and function names, but no part of a string, IRI or name.

    The query is read as it stands and with its escapes decoded: an engine may do either, and an escaped quote in a
    comment must not hide what follows it.
    """
    return {t.text.upper() for text in {query, unescape(query)} for t in tokens(text) if t.kind == "word"}


def has_keyword(query: str, *words: str) -> bool:
    """True if one of the words, given in capitals, is among the keywords of a query; fast where none is written."""
    capitals = {query.upper(), unescape(query).upper()}
    written = {word for word in words if any(word in text for text in capitals)}
    return bool(written and written & keywords(query))


def service_targets(query: str) -> list[str | None]:
    """What each SERVICE of a query asks, for a guard: an IRI written out in full, None for anything else.

    Errs on the safe side. The engine needs no blank between words, so SERVICE is looked for inside of words, in the
    prefix of a name (`SERVICEa:b` is `SERVICE a:b` to it), and between brackets that only look like those of an IRI
    (`?a<?b)SERVICE#>`); with a codepoint escape in the query, no target counts as written out.
    """
    plain = unescape(query)
    if "SERVICE" not in plain.upper() and "SERVICE" not in query.upper():
        return []
    words = [token for token in tokens(plain) if token.kind not in ("comment", "string")]
    words += [token for token in tokens(query) if token.kind not in ("comment", "string")] if plain != query else []
    end = Token("mark", "", len(query))
    found = []
    for position, token in enumerate(words):
        if _may_be_service(token):
            after = [word for word in words[position + 1 : position + 4] if word.text.upper() != "SILENT"]
            target, brace, *_ = [*after, end, end]
            full = token.text.upper() == "SERVICE" and target.kind == "iri" and brace.text == "{" and plain == query
            found.append(target.text[1:-1] if full else None)
    return found


def _may_be_service(token: Token) -> bool:
    """True for a token in which the engine may find the keyword SERVICE."""
    text = token.text.upper()
    if token.kind == "name":
        return "SERVICE" in text.partition(":")[0]
    if token.kind == "iri":
        return "SERVICE" in text.partition(")")[2]
    return token.kind == "word" and "SERVICE" in text


def variables(query: str) -> list[str]:
    """Names of the variables without `?`, each once, in order of first use."""
    return list(dict.fromkeys(token.text[1:] for token in tokens(query) if token.kind == "variable"))


def replace_variables(query: str, values: dict[str, str]) -> str:
    """The query with the named variables replaced by the given, already serialised, terms."""
    parts, end = [], 0
    for name, start in _variable_places(query):
        if name in values:
            parts += [query[end:start], values[name]]
            end = start + 1 + len(name)
    return "".join([*parts, query[end:]])


@lru_cache(maxsize=1000)
def _variable_places(query: str) -> tuple[tuple[str, int], ...]:
    """Each use of a variable: its name without `?` and its start. Kept: a question is filled in again and again."""
    return tuple((token.text[1:], token.start) for token in tokens(query) if token.kind == "variable")


def declare(query: str, known: Mapping[str, str]) -> str:
    """The query with a PREFIX for each known prefix that it uses without declaring it, on the first of its lines."""
    words = [token for token in tokens(unescape(query)) if token.kind != "comment"]
    pairs = list(zip([None, *words], words, strict=False))
    used = {word.text.partition(":")[0] for _, word in pairs if word.kind == "name"}
    own = {word.text.partition(":")[0] for before, word in pairs if before and before.text.upper() == "PREFIX"}
    return "".join(f"PREFIX {p}: <{space}> " for p, space in known.items() if p in used - own) + query


def name_columns(query: str, columns: list[str]) -> str | None:
    """The query with the `*` of its outer SELECT replaced by the columns in order of first use; None without one."""
    if "*" not in query:
        return None
    selecting = False
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() == "SELECT":
            selecting = True
        elif selecting and token.text == "*":
            order = variables(query)
            named = " ".join(f"?{name}" for name in sorted(columns, key=order.index))
            return query[: token.start] + named + query[token.start + 1 :] if named else None
        elif selecting and not (token.kind == "comment" or token.text.upper() in ("DISTINCT", "REDUCED")):
            return None
    return None


def dataset(query: str, known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """IRIs of FROM and of FROM NAMED, with the prefixes that the query declares or, failing that, `known`."""
    spaces, words = dict(known), [token for token in tokens(unescape(query)) if token.kind != "comment"]
    base, defaults = "", list[str]()
    named: list[str] = []
    for before, token, after in zip([None, *words], words, words[1:], strict=False):
        previous, keyword = before.text.upper() if before else "", token.text.upper()
        if keyword == "BASE" and token.kind == "word" and after.kind == "iri":
            base = _resolved(base, after.text[1:-1])
        elif previous == "PREFIX" and token.kind == "name" and after.kind == "iri":
            spaces[token.text.removesuffix(":")] = _resolved(base, after.text[1:-1])
        elif after.kind in ("iri", "name") and token.kind == "word" and keyword in ("FROM", "NAMED"):
            prefix, _, local = after.text.replace("\\", "").partition(":")
            iri = _resolved(base, after.text[1:-1]) if after.kind == "iri" else spaces.get(prefix, "") + local
            (named if keyword == "NAMED" and previous == "FROM" else defaults).append(iri)
    return defaults, named


def _resolved(base: str, iri: str) -> str:
    """An IRI as it is, a relative one made absolute; urljoin loses a "#" at the end, as most namespaces have it."""
    if _ABSOLUTE.match(iri):
        return iri
    return urljoin(base, iri.removesuffix("#")) + ("#" if iri.endswith("#") else "")


def named(query: str, known: Mapping[str, str]) -> set[str]:
    """The IRIs that a query names, apart from those of its prologue; prefixes that it does not declare are `known`."""
    spaces, found = dict(known), set[str]()
    words = [token for token in tokens(unescape(query)) if token.kind != "comment"]
    for before, token, after in zip([None, *words], words, [*words[1:], None], strict=False):
        keyword = before.text.upper() if before else ""
        if keyword == "PREFIX" and token.kind == "name" and after and after.kind == "iri":
            spaces[token.text.removesuffix(":")] = after.text[1:-1]
        elif token.kind == "iri" and keyword != "BASE" and not (before and before.text.endswith(":")):
            found.add(token.text[1:-1])
        elif token.kind == "name" and keyword != "PREFIX":
            prefix, _, local = token.text.partition(":")
            found.add(spaces.get(prefix, "") + local)
    return found


def services(query: str) -> list[str]:
    """IRIs that the query gives to SERVICE, each once, in order."""
    words = [token for token in tokens(unescape(query)) if token.kind != "comment" and token.text.upper() != "SILENT"]
    found = [
        after.text[1:-1] for word, after in pairwise(words) if word.text.upper() == "SERVICE" and after.kind == "iri"
    ]
    return list(dict.fromkeys(found))


def group(query: str, keyword: str) -> tuple[int, int]:
    """Start and end (after the braces) of the `{ … }` that follows the first `keyword`; ValueError if there is none."""
    depth, start, seen = 0, 0, False
    for token in tokens(query):
        seen = seen or (token.kind == "word" and token.text.upper() == keyword)
        if not seen or token.kind != "mark" or token.text not in "{}":
            continue
        if token.text == "{":
            start = start if depth else token.start
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                return start, token.start + 1
    raise ValueError(f"no {keyword} {{ … }} in the query")
