"""The algorithm that Stylekin replaces, to measure beside it: each request unpickles the whole catalogue and
compares by scikit-learn. The one place in the project where a pickle stands; it reads none but its own."""

import os
import pickle

import flask
import numpy as np
from sklearn.metrics.pairwise import cosine_similarity


def original(request: flask.Request) -> flask.Response:
    """The twelve items closest to the mean of the likes."""
    with open(os.environ["PICKLE"], "rb") as file:
        catalogue = pickle.load(file)
    likes = request.get_json()["likes"]
    places = {item_id: row for row, item_id in enumerate(catalogue["item_ids"])}
    vectors = catalogue["vectors"]
    scores = cosine_similarity(vectors[[places[like] for like in likes]], vectors).mean(axis=0)
    best = [row for row in np.argsort(-scores) if catalogue["item_ids"][row] not in likes][:12]
    items = [{"item_id": catalogue["item_ids"][row], "score": float(scores[row])} for row in best]
    return flask.jsonify({"recommendations": items})
