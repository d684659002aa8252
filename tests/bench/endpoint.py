"""rdflib-endpoint over one file: `python tests/bench/endpoint.py FILE PORT`."""

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

if __name__ == "__main__":
    graphs = Dataset()
    graphs.parse(sys.argv[1], format="nquads")
    uvicorn.run(SparqlEndpoint(graph=graphs, path="/sparql"), port=int(sys.argv[2]), log_level="warning")
