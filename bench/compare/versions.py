"""One build of weir beside another: what a change costs."""
from .contender import Contender
from .figures import three_digits, with_spread
from .road import Road

OTHER = ", the other"


def beside(road, program):
    """The road with each weir on it twice: the second is `program`."""
    def cases(seconds):
        pairs = road.cases(seconds)
        for case in pairs:
            case.contenders = [each for one in case.contenders for each in (pair(one) if one.ours else [one])]
        return pairs

    def pair(one):
        other = Contender(one.name + OTHER, one.shown, lambda run: one.start(run, program), one.missing, one.exact)
        return [one, other]

    return Road(road.name, road.title, road.what, cases)


def ratios(cases):
    """A line for each pair: this build's figures divided by the other's of the same round."""
    for case in cases:
        runs = {name: each["runs"] for name, each in case["contenders"].items()}
        for name in [name for name in runs if name + OTHER in runs]:
            rounds = list(zip(runs[name], runs[name + OTHER]))
            parts = [f"{heading} × {with_spread([one[key] / two[key] for one, two in rounds], three_digits)}"
                     for key, heading in (("rate", "rate"), ("cpu", "CPU a message")) if rounds and rounds[0][0].get(key)]
            yield f"{case['title']}: {name} to the other: " + ", ".join(parts)
