"""Whether a cost stays flat or falls as something grows, and the sentence where it does not."""
from .figures import three_digits

ALLOWED = 1.25  # what is no growth but noise


def rises(points, allowed=ALLOWED):
    """points: [(parameter, cost)] in order. The (parameter, cost) of the least and of the greatest after it, or None."""
    least, worst = None, None
    for point in points:
        if least is None or point[1] < least[1]:
            least = point
        elif point[1] > least[1] * allowed and (worst is None or point[1] / least[1] > worst[1][1] / worst[0][1]):
            worst = (least, point)
    return worst


def remark(series, points, unit):
    """A sentence on one column, whichever way it goes."""
    worst = rises(points)
    if len(points) < 2:
        return f"{series}: too little was measured."
    if worst is None:
        return f"{series}: flat or falling, {three_digits(points[0][1])} to {three_digits(points[-1][1])} {unit}."
    (low_at, low), (high_at, high) = worst
    return (f"{series}: **not flat**: {three_digits(low)} {unit} at {low_at}, "
            f"{three_digits(high)} at {high_at}, {high / low:.1f} times as much.")
