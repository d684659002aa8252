"""What robots and monitors ask for."""

from flask import Blueprint, Response, g

from webapp import links
from webapp.replies import as_json, data

views = Blueprint("pages", __name__)


@views.route("/healthz")
def health() -> Response:
    about = g.store.manifest
    told = {"status": "ok", "snapshot": g.store.id, "statements": about["quads"], "built": about["built"]}
    response = as_json(told | {key: about[key] for key in about.keys() & {"mirror_of"}})
    response.headers["Cache-Control"] = "no-store"
    return response


@views.route("/robots.txt")
def robots() -> Response:
    refused = "".join(f"Disallow: {path}\n" for path in ("/sparql", "/search", "/why", "/*evidence="))
    return data(f"User-agent: *\n{refused}\nSitemap: {links.absolute(links.sitemap())}\n".encode(), "text/plain")
