"""The parts of bench/compare.py that measure nothing: figures, books, verdicts, and the page."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench"))
from compare import books, figures, goals, growth, page
from compare.results import Results
from compare.road import Case, Road, drive_in_turn

METRICS = """# HELP weir_received_messages_total Messages
# TYPE weir_received_messages_total counter
weir_received_messages_total{listener="udp",address="127.0.0.1:9000"} 90
weir_refused_messages_total{listener="udp",address="127.0.0.1:9000",reason="kernel_drop"} 10
weir_published_messages_total 90
weir_delivered_messages_total{sink="file",target="a"} 80
weir_lost_messages_total{sink="file",target="a",reason="overrun"} 7
weir_lost_messages_total{sink="file",target="a",reason="shutdown"} 1
weir_pending_messages{sink="file",target="a"} 2
"""


def case(title, **runs_by_name):
    return {"title": title, "left_out": [],
            "contenders": {name: {"shown": f"{name} --flag", "runs": runs} for name, runs in runs_by_name.items()}}


def results(road, *cases):
    return Results({"road": road, "date": "2026-01-02", "command": f"scripts/bench {road}", "rounds": 3,
                    "machine": {"CPU": "two cores"}, "cases": list(cases)})


class Figures(unittest.TestCase):
    def test_three_digits_that_count(self):
        for value, text in ((1_612_345, "1.61 M"), (325_400, "325 k"), (12_345, "12.3 k"), (999.96, "1.00 k"),
                            (37.04, "37.0"), (1.414, "1.41"), (0.05, "0.05"), (0, "0")):
            self.assertEqual(figures.short(value), text)

    def test_a_loss_never_looks_like_none(self):
        self.assertEqual(figures.percent(0), "0")
        self.assertEqual(figures.percent(1e-9), "< 0.1%")
        self.assertEqual(figures.percent(0.44), "44.0%")

    def test_the_median_with_least_and_most(self):
        self.assertEqual(figures.with_spread([3e6, 1e6, 2e6], figures.short), "2.00 M (1.00 M–3.00 M)")
        self.assertEqual(figures.with_spread([2.0, 2.0], figures.three_digits), "2.00")

    def test_what_was_not_measured_is_a_dash(self):
        self.assertEqual(figures.cell([{"cpu": None}, {}], "cpu", str), "–")
        self.assertIsNone(figures.middle([], "cpu"))


class Books(unittest.TestCase):
    def test_samples_with_and_without_labels(self):
        samples = books.parse(METRICS)
        self.assertEqual(books.total(samples, "weir_published_messages_total"), 90)
        self.assertEqual(books.total(samples, "weir_lost_messages_total", sink="file"), 8)
        self.assertEqual(books.total(samples, "weir_lost_messages_total", sink="file", reason="overrun"), 7)

    def test_balanced_books_have_no_fault(self):
        self.assertEqual(books.faults(books.parse(METRICS), 100), [])

    def test_each_equation_is_checked(self):
        self.assertIn("off by 1", books.faults(books.parse(METRICS), 101)[0])
        lost_one = METRICS.replace("weir_pending_messages{sink=\"file\",target=\"a\"} 2",
                                   "weir_pending_messages{sink=\"file\",target=\"a\"} 1")
        self.assertIn("delivered 80 + filtered 0 + lost 8 + pending 1", books.faults(books.parse(lost_one), 100)[0])
        unpublished = METRICS.replace("published_messages_total 90", "published_messages_total 91")
        self.assertTrue(any("not published" in fault for fault in books.faults(books.parse(unpublished), 100)))

    def test_datagrams_that_the_kernel_joined_are_dropped_as_one(self):
        self.assertTrue(books.faults(books.parse(METRICS), 500))
        self.assertEqual(books.faults(books.parse(METRICS), 500, joined=True), [])
        self.assertTrue(books.faults(books.parse(METRICS), 90 + 641, joined=True))

    def test_live_clients_got_or_were_told(self):
        samples = books.parse(METRICS)
        self.assertEqual(books.live_faults(samples, 170, 10, 2), [])
        self.assertTrue(books.live_faults(samples, 170, 9, 2))


class Verdicts(unittest.TestCase):
    def of(self, road, *cases):
        return [(verdict.met, verdict.measured) for verdict in goals.verdicts(road, results(road, *cases))]

    def test_a_share_of_the_floor(self):
        runs = [{"cpu": cpu, "lost": 0} for cpu in (0.5, 0.6, 0.9)]
        met = self.of("udp", case("flat out", floor=[{"cpu": 1.0}], weir=runs))
        self.assertEqual([each[0] for each in met], [True, True])
        self.assertIn("0.60 ×", met[0][1])
        self.assertFalse(self.of("udp", case("flat out", floor=[{"cpu": 0.99}], weir=runs))[0][0])

    def test_one_lossy_run_is_a_loss(self):
        runs = [{"cpu": 1, "lost": lost} for lost in (0, 0, 1e-6)]
        self.assertFalse(self.of("udp", case("flat out", floor=[{"cpu": 1}], weir=runs))[1][0])

    def test_cases_are_found_by_how_their_titles_begin(self):
        cases = [case(f"{title}, 256 bytes", floor=[{"rate": 100}], **{goals.HELD_BACK: [{"rate": rate}]})
                 for title, rate in (("1 connection", 79), ("16 connections", 80))]
        self.assertEqual([each[0] for each in self.of("tcp", *cases)], [False, True])

    def test_the_ring_is_held_against_the_best_of_the_others(self):
        def job(name, ring, *others):
            queues = {"weir ring": [{"ns": ring}]} | {f"other {i}": [{"ns": ns}] for i, ns in enumerate(others)}
            return case(name, **queues) | {"at": ["Queues", None, name], "compared": "one"}

        self.assertEqual(self.of("queues", job("1 → 1", 50, 50, 80))[0], (True, "at all 1 jobs"))
        behind = self.of("queues", job("1 → 1", 50, 60), job("1 → 2", 50, 90, 40))[0]
        self.assertEqual(behind, (False, "1 → 2: 50 ns, other 1 40"))

    def test_what_was_not_measured_is_no_verdict(self):
        self.assertEqual({verdict.met for verdict in goals.verdicts("tcp", None)}, {None})
        self.assertIsNone(self.of("udp", case("flat out", rsyslog=[{"cpu": 1}]))[0][0])


class Growth(unittest.TestCase):
    def test_falling_and_noisy_is_flat(self):
        self.assertIsNone(growth.rises([("1", 10), ("2", 5), ("3", 6)]))

    def test_the_greatest_rise_is_named(self):
        points = [("1", 10), ("10", 5), ("100", 8), ("1,000", 20)]
        self.assertEqual(growth.rises(points), (("10", 5), ("1,000", 20)))
        self.assertIn("4.0 times", growth.remark("tcp", points, "µs"))


class Turns(unittest.TestCase):
    def test_every_round_goes_over_all_that_can_take_part(self):
        class Someone:
            def __init__(self, name, why=None):
                self.name = name
                self.missing = lambda place: why

        order = []
        them = Case("a case", [Someone("floor"), Someone("gone", "not there"), Someone("weir")],
                    lambda place, each: order.append(each.name) or {}, 1)
        runs, left_out = drive_in_turn(them, None, None, 2, lambda *_: None)
        self.assertEqual(order, ["floor", "weir", "weir", "floor"])
        self.assertEqual(left_out, ["gone: not there"])
        self.assertEqual(len(runs["weir"]), 2)


class Page(unittest.TestCase):
    ROADS = [Road("udp", "UDP to a file", "What it is.", None), Road("tcp", "Lines over TCP", "And this.", None)]

    def made(self, **known):
        return page.make(self.ROADS, known.get)

    def test_a_road_has_its_verdicts_tables_and_flags(self):
        runs = {"rate": 2e6, "cpu": 0.25, "lost": 0, "peak": 5 << 20}
        text = self.made(udp=results("udp", case("flat out", floor=[runs], weir=[runs, runs | {"cpu": 0.35}])))
        self.assertIn("| [udp](#udp-to-a-file) | nothing lost, flat out | nothing | met |", text)
        self.assertIn("| weir | 2.00 M | 0.30 (0.25–0.35) | 0 | 5 MiB |", text)
        self.assertIn("- weir: `weir --flag`", text)
        self.assertIn("Measured 2026-01-02 with `scripts/bench udp`", text)

    def test_a_road_without_results_is_not_measured(self):
        text = self.made()
        self.assertIn("not measured", text)
        self.assertNotIn("What it is.", text)

    def test_long_configurations_stand_at_the_end_once(self):
        long = case("flat out", rsyslog=[{"cpu": 1}])
        long["contenders"]["rsyslog"]["shown"] = "first\nsecond\n"
        text = self.made(udp=results("udp", long), tcp=results("tcp", long))
        self.assertEqual(text.count("first\nsecond"), 1)
        self.assertIn("**rsyslog** on udp, tcp:", text)

    def test_queues_are_rows_and_jobs_are_columns(self):
        cells = [case(f"Queues: {job}", **{"weir ring": [{"ns": 50}], "moodycamel": [{"ns": 60}]})
                 | {"at": ["Queues", None, job], "views": [["ns", "ns", False]]} for job in ("1 → 1", "1 → 2")]
        text = self.made(tcp=results("tcp", *cells))
        self.assertIn("|  | 1 → 1 | 1 → 2 |", text)
        self.assertIn("| weir ring | 50.0 | 50.0 |", text)

    def test_growing_costs_get_a_remark(self):
        cells = []
        for row, cost in (("1", 1.0), ("10", 3.0)):
            cell = case(f"Connections {row}", weir=[{"cpu_micros": cost}])
            cells.append(cell | {"at": ["Connections", row, "tcp"], "views": [["cpu_micros", "µs", True]]})
        text = self.made(tcp=results("tcp", *cells))
        self.assertIn("| 10 | 3.00 |", text)
        self.assertIn("tcp: **not flat**", text)


if __name__ == "__main__":
    unittest.main()
