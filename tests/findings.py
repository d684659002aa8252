"""What tests look at in the findings of the assistant."""

import kg


def only(findings: tuple[kg.Finding, ...], kind: str) -> kg.Finding:
    """The one finding of a kind."""
    (found,) = [finding for finding in findings if finding.kind == kind]
    return found


def rewritten(store: kg.Store, finding: kg.Finding) -> list[dict[str, str]]:
    """The rows of the rewrite, as text; there are as many as promised."""
    assert finding.rewrite is not None
    rows = store.query(finding.rewrite).rows
    assert len(rows) == finding.rows
    return [{name: kg.show(term) for name, term in row.items()} for row in rows]


def number(store: kg.Store, query: str) -> int:
    (row,) = store.query(query).rows
    return int(kg.show(next(iter(row.values()))))
