"""Parts of pages that others wrote: `make setup` puts them into node_modules, this host serves those named here."""

import gzip
from functools import lru_cache
from mimetypes import guess_type

from flask import Blueprint, Response, abort, request

import kg

views = Blueprint("vendor", __name__)

FOLDER = kg.ROOT / "node_modules"
PARTS = {
    "yasqe.js": "@zazuko/yasqe/build/yasqe.min.js",
    "yasqe.css": "@zazuko/yasqe/build/yasqe.min.css",
    "cytoscape.js": "cytoscape/dist/cytoscape.min.js",
    "layout-base.js": "layout-base/layout-base.js",
    "cose-base.js": "cose-base/cose-base.js",
    "fcose.js": "cytoscape-fcose/cytoscape-fcose.js",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "topojson.js": "topojson-client/dist/topojson-client.min.js",
    "countries.json": "world-atlas/countries-50m.json",
}
"""Name in an address -> file of an installed package."""


@views.route("/static/vendor/<name>")
def part(name: str) -> Response:
    if name not in PARTS or not (FOLDER / PARTS[name]).is_file():
        abort(404)
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(_read(name, packed), mimetype=guess_type(name)[0] or "text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=2 * len(PARTS))
def _read(name: str, packed: bool) -> bytes:
    """The file as it lies there, or gzipped; kept, because it changes only when `make setup` is run again."""
    content = (FOLDER / PARTS[name]).read_bytes()
    return gzip.compress(content, mtime=0) if packed else content
