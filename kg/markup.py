"""What XML can hold: fewer signs than RDF can, and a carriage return only if it is written as a reference."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn
from xml.etree import ElementTree as Xml

import pyoxigraph as ox

from kg.errors import FormatError

_RETURN = b"&#xD;"
_SIGNS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
_IN_TEXT = re.compile(_SIGNS)
_IN_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def well_formed(data: bytes, instead: str) -> bytes:
    """What the engine wrote as XML, so that a parser reads the same texts from it.

    Raises FormatError, which names the formats to ask for `instead`, for a sign that XML has no way to write.
    """
    if found := _IN_BYTES.search(data):
        _refuse(found[0].decode(), instead)
    return data.replace(b"\r", _RETURN)


def legal(text: str) -> str:
    """A text with U+FFFD in the place of each sign that XML cannot hold, not even as a reference."""
    return _IN_TEXT.sub("\ufffd", text)


def write_xml(root: Xml.Element) -> bytes:
    """A whole document in UTF-8, which is well-formed whatever its texts hold."""
    return legal(Xml.tostring(root, encoding="utf-8", xml_declaration=True).decode()).encode() + b"\n"


class Writer(io.BufferedWriter):
    """A file that takes XML from the engine, and gets each carriage return as a reference."""

    def write(self, data: Any) -> int:
        super().write(bytes(data).replace(b"\r", _RETURN))
        return len(data)


def writable(triples: Iterable[ox.Triple], instead: str) -> Iterator[ox.Triple]:
    """The triples, as long as XML can hold them; else as `well_formed`."""
    for triple in triples:
        if isinstance(triple.object, ox.Literal) and (found := _IN_TEXT.search(triple.object.value)):
            _refuse(found[0], instead)
        yield triple


def _refuse(sign: str, instead: str) -> NoReturn:
    raise FormatError(f"a text here holds the sign U+{ord(sign):04X}, which XML cannot: choose {instead}")
