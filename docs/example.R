# SPARQL from R, with nothing but R itself: which cities took part in the second phase, and how many sources say so.
#
#   Rscript docs/example.R [ENDPOINT]
#
# The endpoint is that of `make serve` unless another is given.

endpoint <- c(commandArgs(trailingOnly = TRUE), "http://127.0.0.1:8000/sparql")[1]

# A table as a data frame. CSV carries no types, so read.csv guesses them; only an empty cell is missing, since NA is Namibia.
read <- function(address) {
  read.csv(url(address, headers = c(Accept = "text/csv")), na.strings = "", encoding = "UTF-8")
}

# The rows of a SELECT.
ask <- function(query) {
  read(paste0(endpoint, "?query=", URLencode(query, reserved = TRUE)))
}

cities <- ask('
  PREFIX mg:    <https://w3id.org/migration-governance/ontology#>
  PREFIX phase: <https://w3id.org/migration-governance/id/phase/>
  PREFIX rdfs:  <http://www.w3.org/2000/01/rdf-schema#>
  PREFIX role:  <https://w3id.org/migration-governance/vocab/role/>

  SELECT ?name ?country (COUNT(DISTINCT ?source) AS ?sources) WHERE {
    ?participation mg:role role:participating-city ; mg:actor ?city .
    GRAPH ?source { ?participation mg:activity phase:phase-2 }
    ?source a mg:Source .
    ?city rdfs:label ?name ; mg:country ?country .
    FILTER (LANG(?name) = "en")
  }
  GROUP BY ?name ?country
  ORDER BY DESC(?sources) ?name
')
print(cities)
cat("\nCities per country:\n")
print(sort(table(cities$country), decreasing = TRUE))

# A question of the packs has an address of its own and needs no SPARQL.
joined <- read(sub("sparql$", "query/time/who-joined-when.csv", endpoint))
cat("\nCities that joined, by year:\n")
print(table(substr(joined$start, 1, 4)))
