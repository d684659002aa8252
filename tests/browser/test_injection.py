"""What a real browser makes of a graph that means harm: it runs nothing, and nothing tries."""

from playwright.sync_api import Browser

SEEN = (
    *("/", "/map", "/map?layer=journeys", "/timeline", "/browse/", "/browse/City", "/browse/Event", "/sources/hostile"),
    *(f"/page/{kind}/{key}" for key in ("script", "image", "quote", "comment") for kind in ("actor", "city", "event")),
    *("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/why?s=city:image&p=mg:country", "/names/actor/image"),
    *(f"/network?name=co-participation&node=actor:{key}" for key in ("script", "image")),
    *("/path?from=actor:image&to=city:script", "/compare?a=city:image&b=city:script", "/timeline?layer=events"),
    *("/disagreements", "/gaps", "/contribute?about=city:image", "/ontology", "/query/cities/", "/downloads"),
    *("/query/?query=SELECT+*+{+%3Fs+rdfs:label+%3Fo+}" + more for more in ("", "&view=network")),
)
"""Pages that a browser opens, those with script among them."""


def test_chromium_runs_nothing_and_nothing_tries(browser: Browser, hostile_site: str) -> None:
    context = browser.new_context(base_url=hostile_site)
    page = context.new_page()
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: heard.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(hostile_site) else heard.append(asked.url))
    for seen in SEEN:
        page.goto(seen, wait_until="load")
        page.wait_for_timeout(150)
    assert heard == []
    context.close()
