"""A road's last result: kept as JSON in bench/results/, so that the page can be made anew from all of them."""
import json
import os

from .place import ROOT

FOLDER = os.path.join(ROOT, "bench", "results")


class Results:
    """{"road", "date", "command", "rounds", "seconds", "machine", "cases": [{"title", "at"?, "contenders": {name:
    {"shown", "runs"}}, "left_out"}]}"""

    def __init__(self, data):
        self.data = data
        self.road = data["road"]
        self.cases = data["cases"]

    def runs(self, title, contender):
        """Of the case whose title begins so; none where it was not measured."""
        for case in self.cases:
            if case["title"].startswith(title) and contender in case["contenders"]:
                return case["contenders"][contender]["runs"]
        return []

    def left_out(self):
        return sorted({why for case in self.cases for why in case["left_out"]})


def path_of(road):
    return os.path.join(FOLDER, f"{road}.json")


def save(data):
    os.makedirs(FOLDER, exist_ok=True)
    with open(path_of(data["road"]), "w") as out:
        json.dump(data, out, indent=1, sort_keys=False, ensure_ascii=False, default=str)
        out.write("\n")


def load(road):
    """Or None where the road was never measured."""
    if not os.path.exists(path_of(road)):
        return None
    with open(path_of(road)) as data:
        return Results(json.load(data))
