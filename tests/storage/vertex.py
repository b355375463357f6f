"""What stands in for Vertex AI Vector Search: an index in memory behind a session's transport.

It answers what the service's reference says of indexEndpoints.get, indexEndpoints.findNeighbors,
indexes.upsertDatapoints and indexes.removeDatapoints, and refuses fields that it does not know.
"""

import json
from typing import Any

import numpy as np
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

PROJECT, LOCATION, ENDPOINT, INDEX, DEPLOYED = "shop", "europe-west1", "123", "456", "items_1"
PLACE = f"projects/{PROJECT}/locations/{LOCATION}"
HOST = "789.europe-west1-1.vdb.vertexai.goog"


class Vertex(BaseAdapter):
    """One index, deployed to one public endpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.points: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, Any]] = []

    def session(self) -> Session:
        """A session whose requests come here."""
        session = Session()
        session.mount("https://", self)
        return session

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:  # type: ignore[override]
        body = json.loads(request.body) if request.body else None
        self.asked.append((str(request.method), str(request.url), body))
        response = Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        try:
            response._content = json.dumps(self.answer(str(request.url), body)).encode()
        except KeyError as error:
            response.status_code, response._content = 400, json.dumps({"error": str(error)}).encode()
        return response

    def close(self) -> None:
        """Nothing is held."""

    def answer(self, url: str, body: Any) -> dict[str, Any]:
        """Raises KeyError for what the service does not have."""
        service = f"https://{LOCATION}-aiplatform.googleapis.com/v1/{PLACE}"
        if url == f"{service}/indexEndpoints/{ENDPOINT}":
            deployed = [{"id": DEPLOYED, "index": f"{PLACE}/indexes/{INDEX}"}]
            return {"publicEndpointDomainName": HOST, "deployedIndexes": deployed}
        if url == f"{service}/indexes/{INDEX}:upsertDatapoints":
            for point in body["datapoints"]:
                known(point, "datapointId", "featureVector", "restricts")
                self.points[point["datapointId"]] = point
            return {}
        if url == f"{service}/indexes/{INDEX}:removeDatapoints":
            for name in body["datapointIds"]:
                self.points.pop(name, None)
            return {}
        if url == f"https://{HOST}/v1/{PLACE}/indexEndpoints/{ENDPOINT}:findNeighbors":
            known(body, "deployedIndexId", "queries")
            return {"nearestNeighbors": [self.near(query) for query in body["queries"]]}
        raise KeyError(url)

    def near(self, query: dict[str, Any]) -> dict[str, Any]:
        """The points of the highest product that every namespace of the query allows."""
        known(query, "datapoint", "neighborCount")
        known(query["datapoint"], "featureVector", "restricts")
        vector, restricts = np.array(query["datapoint"]["featureVector"]), query["datapoint"]["restricts"]
        found = []
        for name, point in self.points.items():
            own = {each["namespace"]: {*each["allowList"]} for each in point["restricts"]}
            if all(own[each["namespace"]] & {*each["allowList"]} for each in restricts):
                found.append((float(vector @ np.array(point["featureVector"])), name))
        best = sorted(found, reverse=True)[: query["neighborCount"]]
        return {"neighbors": [{"datapoint": {"datapointId": n}, "distance": d} for d, n in best]}


def known(fields: dict[str, Any], *names: str) -> None:
    """Raises KeyError for others."""
    if strange := fields.keys() - {*names}:
        raise KeyError(f"unknown fields {sorted(strange)}")
