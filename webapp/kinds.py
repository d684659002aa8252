"""What the kinds of things that have a colour are called."""

from flask_babel import gettext

OTHER = "other"
KINDS = ("city", "actor", "project", "event", "exhibition", "publication", "funding", "theme", "source", OTHER)
"""The kinds (explorer/kinds) in the order in which they are shown."""


def words() -> dict[str, str]:
    """Each kind and its name for many things."""
    names = (
        *(gettext("Places"), gettext("Actors"), gettext("Projects"), gettext("Events"), gettext("Exhibitions")),
        *(gettext("Publications"), gettext("Money"), gettext("Themes and terms of lists"), gettext("Sources")),
        gettext("Records and terms"),
    )
    return dict(zip(KINDS, names, strict=True))
