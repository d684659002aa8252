"""A graph that means harm: of each kind of thing, one for each text that a page or a program could stumble over."""

from pathlib import Path

from common import PREFIXES

import kg

PUZZLE, SOLVED = "{{1337*1337}}", str(1337 * 1337)
LABELS = {
    "script": "</script><script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "quote": "' onfocus='alert(1)' autofocus x='",
    "template": PUZZLE + "{% raw %}${7*7}<%= 7 %>",
    "turned": "txt.\u202egpj\u2066.exe",
    "long": "A very long name " * 588 + "end.",
    "emoji": "🏙️ 👩🏽‍💻 \u0000".strip("\u0000 "),
    "formula": '=HYPERLINK("http://example.org","win")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+9)",
    "lines": "one\r\nTY  - EVIL\r\nSet-Cookie: a=b\n]]>--><!--\tend",
    "control": "bell \u0007 escape \u001b[31m red \uffff",
    "comment": "<!--<b>]]></title></textarea><svg/onload=alert(1)>",
    "braces": "} } @misc{evil, title = {{x}",
    "address": "javascript:alert(1)",
}
"""The labels and texts of the things of the graph: one thing of each kind for each."""
IRIS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "https://example.org/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "https://example.org/'onmouseover='alert(1)",
)
KINDS = """
source:{key} a mg:Source ; dcterms:title {label} ; mg:publisherAsStated {label} ; schema:url {iris} ;
  dcterms:license {iris} ; dcterms:language {label} ; mg:sourceKind mgkind:{key} .
city:{key} a mg:City ; rdfs:label {label}@en ; schema:name {label} , {label}@fr ; mg:country {label} ;
  schema:url {iris} ; mg:population {label} ; wgs84:lat 45.5 ; wgs84:long 4.8 .
city:odd-{key} a mg:City ; rdfs:label {label}@en ; wgs84:lat {label} ; wgs84:long {label} .
venue:{key} a mg:Venue ; rdfs:label {label}@en ; mg:inCity city:{key} .
actor:{key} a mg:Organisation ; rdfs:label {label}@en ; schema:name {label} ; mg:acronym {label} ;
  mg:inCity city:{key} ; mg:country "FR" ;
  owl:sameAs {iris} ; skos:exactMatch {iris} ; mg:isni {label} ; mg:aim {label} .
project:{key} a mg:Project ; rdfs:label {label}@en ; schema:startDate "2016"^^xsd:gYear ;
  schema:endDate "2018"^^xsd:gYear , {label}^^xsd:date .
event:{key} a mg:Event ; rdfs:label {label}@en ; mg:kind mgkind:{key} ; mg:inCity city:{key} ;
  mg:partOfProject project:{key} ; schema:startDate "2017-05-04"^^xsd:date ;
  mg:theme mgkind:{key} ; mg:dateAsStated {label} ; schema:url {iris} .
event:odd-{key} a mg:Event ; rdfs:label {label}@en ; schema:startDate {label}^^xsd:gYear ; mg:edtfDate {label} .
exhibition:{key} a mg:Exhibition ; rdfs:label {label}@en ; mg:inCity city:{key} ; schema:startDate "2017"^^xsd:gYear .
publication:{key} a mg:Publication ; rdfs:label {label}@en ; schema:datePublished "2018"^^xsd:gYear ;
  schema:url {iris} .
mgkind:{key} a skos:Concept ; skos:prefLabel {label} ; skos:definition {label} ; skos:inScheme mgkind:all .
participation:a-{key} a mg:Participation ; mg:actor actor:{key} ; mg:activity event:{key} ; mg:role mgkind:{key} .
participation:b-{key} a mg:Participation ; mg:actor actor:script ; mg:activity event:{key} ; mg:role role:host .
participation:c-{key} a mg:Participation ; mg:actor city:{key} ; mg:activity event:{key} ; mg:role role:participant .
funding:{key} a mg:Funding ; mg:funder actor:{key} ; mg:fundedActivity project:{key} ; mg:amount 10.5 ;
  mg:currency {label} .
disagreement:{key} a mg:Disagreement ; rdfs:label {label}@en ; mg:about project:{key} ; skos:editorialNote {label} .
claim:{key} a mg:Claim ; mg:inDisagreement disagreement:{key} ; mg:claimText {label} ; dcterms:source source:{key} .
statement:{key} a rdf:Statement ; rdf:subject city:{key} ; rdf:predicate mg:country ; rdf:object {label} ;
  prov:wasDerivedFrom source:{key} , <javascript:alert(1)> ; mg:reason {label} .
mg:Evil-{key} a owl:Class ; rdfs:label {label}@en ; rdfs:comment {label} ; rdfs:seeAlso {iris} ;
  rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> .
mg:evil-{key} a owl:DatatypeProperty ; rdfs:label {label}@en ; rdfs:comment {label} ;
  rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> .
actor:{key} a mg:Evil-{key} ; mg:evil-{key} {label} .
"""


def turtle(text: str) -> str:
    """A text as a literal of Turtle."""
    return '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


def graph() -> str:
    """A source that says harmful things of every kind of thing."""
    declared = f"{PREFIXES}@prefix mgkind: <{kg.BASE}vocab/evil/> .\n"
    iris = " , ".join(f"<{iri}>" for iri in IRIS)
    said = f"source:hostile a mg:Source ; dcterms:title {turtle(LABELS['image'])} ; schema:url {iris} .\n"
    return (
        declared
        + said
        + "".join(KINDS.format(key=key, label=turtle(label), iris=iris) for key, label in LABELS.items())
    )


def build(folder: Path) -> kg.Snapshot:
    """A snapshot of that graph, its report of the shapes made."""
    (folder / "hostile.ttl").write_text(graph(), encoding="utf-8")
    snapshot = kg.build(only=(kg.ROOT / "ontology", folder / "hostile.ttl"), home=folder / "home")
    kg.report_of(snapshot)
    return snapshot
