"""Finding duplicates: companies by name, people, and a million customers, against Splink on the names as they are.

Company names: pairs made from real companies, reported by kind, the half of the companies that nothing was tuned on.
People: febrl3 and fake_1000. Both need SALESLOOP_REAL_DATA and are left out without it. Customers are generated.
A pair counts as found where its score is .5 or more.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import Result
from benchmarks._apart import Cost, apart
from benchmarks._company_pairs import NEGATIVE, POSITIVE, Labelled, labelled_pairs, read_companies
from benchmarks._customers import make_customers
from benchmarks._people import People, read_fake, read_febrl
from salesloop.engine.clean.identity import find_duplicates
from salesloop.engine.clean.identity.duplicates import Engine
from salesloop.engine.model.entity import Model
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.engines.quiet import connect

CUSTOMERS, COMPARED = 1_000_000, 100_000
CPU_SECONDS = 1200  # ten minutes of two cores
PEOPLE_F1, NAMES_F1 = 0.99, 0.95
FOUND = 0.5
ANY = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
"""The rival is given the threshold that suits it best."""

Line = dict[str, object]


def run(rows: int | None) -> Result:
    """`rows`: how many customers; the rival gets 100,000 of them at most."""
    size = rows or CUSTOMERS
    lines: list[Line] = []
    measured: dict[str, float] = {}
    folder = os.environ.get("SALESLOOP_REAL_DATA")
    if folder:
        for name, found in people(Path(folder)):
            lines.append(found)
            measured[name] = _f1(found)
        names = company_names(Path(folder))
        lines += names
        measured["names"] = _f1(names[-1])
    large, found = customers(size, match_ours)
    lines.append(found | {"what": "customers: salesloop"})
    ours, found = (large, found) if size <= COMPARED else customers(COMPARED, match_ours)
    if ours is not large:
        lines.append(found | {"what": "customers: salesloop"})
    rival, theirs = customers(min(size, COMPARED), match_splink, ANY)
    lines.append(theirs | {"what": "customers: Splink on raw names"})
    seconds = CPU_SECONDS * max(1.0, size / CUSTOMERS)
    good = all(
        value >= (NAMES_F1 if name == "names" else PEOPLE_F1) for name, value in measured.items() if name != "fake"
    )
    return Result(
        rows=size,
        rival="Splink 5, names as they are",
        ratio=round(ours.cpu / rival.cpu, 3),
        table=lines,
        budget=f"{size:,} customers in {seconds:.0f} CPU s (10 minutes of 2 cores for a million)"
        + (
            f", febrl3 F1 >= {PEOPLE_F1}, names held out F1 >= {NAMES_F1}"
            if folder
            else "; no real data: names and people left out"
        ),
        met=large.cpu <= seconds and good,
        figures={
            "cpu_seconds": round(large.cpu, 1),
            "seconds": round(large.seconds, 1),
            "peak_mb": large.peak_mb,
            **{f"f1_{name}": round(value, 4) for name, value in measured.items()},
        },
    )


def people(folder: Path) -> list[tuple[str, Line]]:
    """febrl3 with the weights learnt by us and by Splink, fake_1000 with ours."""
    asked: Sequence[tuple[str, Callable[..., People], Engine]] = (
        ("febrl3", read_febrl, "plain"),
        ("febrl3_splink", read_febrl, "splink"),
        ("fake", read_fake, "plain"),
    )
    out = []
    for name, read, engine in asked:
        with connect() as con:
            found = read(con, folder)
            model = Model({"person": found.entity})
            pairs = find_duplicates(con, model, "person", settings=found.settings, engine=engine)
        good = _found(pairs)
        hits = len(good & found.truth)
        out.append((name, _line(name, len(found.truth), hits, len(good) - hits)))
    return out


def company_names(folder: Path) -> list[Line]:
    """By kind on the held-out half, then both halves as a whole: how many pairs are found of those that are one firm
    (recall), or wrongly of those that are two (the kinds of `NEGATIVE`)."""
    pairs = labelled_pairs(read_companies(folder))
    scored = {held: _scored([pair for pair in pairs if pair.held_out is held]) for held in (False, True)}
    lines = []
    for kind in (*POSITIVE, *NEGATIVE):
        of_kind = [(pair, score) for pair, score in scored[True] if pair.kind == kind]
        hits = sum(score >= FOUND for _, score in of_kind)
        line = _line(f"names: {kind}", len(of_kind), hits, 0)
        if kind in NEGATIVE:
            line |= {"recall": "-", "F1": "-", "wrong": hits}
        lines.append(line | {"precision": "-"})
    for held, name in ((False, "tuned on"), (True, "held out")):
        same = sum(pair.same for pair, _ in scored[held])
        hits = sum(score >= FOUND for pair, score in scored[held] if pair.same)
        wrong = sum(score >= FOUND for pair, score in scored[held] if not pair.same)
        lines.append(_line(f"names: all, {name}", same, hits, wrong))
    return lines


def _scored(pairs: Sequence[Labelled]) -> list[tuple[Labelled, float]]:
    """Each pair with the score that it gets in one table of all names of all pairs."""
    names = {pair.code: pair.left for pair in pairs} | {f"{pair.code}~{n}": pair.right for n, pair in enumerate(pairs)}
    with connect() as con:
        con.register("names", pa.table({"customer_id": list(names), "name": list(names.values())}))
        con.execute(
            "CREATE TABLE customer AS SELECT *, NULL::VARCHAR AS credit_code, NULL::VARCHAR AS phone, NULL::VARCHAR AS email FROM names"
        )
        found = find_duplicates(con, load_model(), "customer")
    scores = dict(
        zip(
            zip(found["left_id"].to_pylist(), found["right_id"].to_pylist(), strict=True),
            found["score"].to_pylist(),
            strict=True,
        )
    )
    return [(pair, scores.get((pair.code, f"{pair.code}~{n}"), 0.0)) for n, pair in enumerate(pairs)]


def customers(rows: int, match: Callable[[Path], None], thresholds: Sequence[float] = (FOUND,)) -> tuple[Cost, Line]:
    """What a contender costs in a process of its own, and how good its pairs are at the best of the thresholds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with connect(str(folder / "customers.duckdb")) as con:
            make_customers(con, rows)
            truth = frozenset(con.execute("SELECT left_id, right_id FROM truth").fetchall())
            records = con.execute("SELECT count(*) FROM customer").fetchall()[0][0]
        cost = apart(match, folder)
        pairs = pq.read_table(folder / "pairs.parquet")
    lines = []
    for threshold in thresholds:
        good = _found(pairs, threshold)
        hits = len(good & truth)
        lines.append(_line("customers", len(truth), hits, len(good) - hits) | {"records": records})
    line = max(lines, key=_f1)
    return cost, line | {"CPU s": round(cost.cpu, 1), "seconds": round(cost.seconds, 1), "peak MB": cost.peak_mb}


def match_ours(folder: Path) -> None:
    with connect(str(folder / "customers.duckdb"), read_only=True, config={"threads": 2}) as con:
        pairs = find_duplicates(con, load_model(), "customer")
    pq.write_table(pairs.select(["left_id", "right_id", "score"]), folder / "pairs.parquet")


def match_splink(folder: Path) -> None:
    """As its tutorial does it: names by Jaro-Winkler with how common they are, phones; blocks by the first characters."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    with connect(config={"threads": 2}) as con:
        con.execute(f"ATTACH '{folder / 'customers.duckdb'}' AS given (READ_ONLY)")
        con.execute("CREATE TABLE records AS SELECT customer_id AS unique_id, name, phone FROM given.customer")
        blocks: list[Any] = [block_on("substr(name, 1, 4)"), block_on("substr(name, 3, 4)"), block_on("phone")]
        comparisons: list[Any] = [
            cl.JaroWinklerAtThresholds("name", [0.95, 0.9, 0.8]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone"),
        ]
        settings = SettingsCreator(
            link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=blocks
        )
        linker = Linker(DuckDBAPI(con).register("records"), settings, log_level="ERROR")
        linker.training.estimate_probability_two_random_records_match([block_on("phone")], recall=0.2)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("phone"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("substr(name, 1, 6)"))
        found = linker.inference.predict(threshold_match_probability=ANY[0]).as_pyarrow_table()
    pairs = found.select(["unique_id_l", "unique_id_r", "match_probability"]).rename_columns(
        ["left_id", "right_id", "score"]
    )
    pq.write_table(pairs, folder / "pairs.parquet")


def _found(pairs: pa.Table, threshold: float = FOUND) -> frozenset[tuple[str, str]]:
    """The pairs that reach the score, smaller id first."""
    columns = (pairs[name].to_pylist() for name in ("left_id", "right_id", "score"))
    return frozenset((min(a, b), max(a, b)) for a, b, score in zip(*columns, strict=True) if score >= threshold)


def _line(what: str, pairs: int, hits: int, wrong: int) -> Line:
    precision, recall = hits / max(hits + wrong, 1), hits / max(pairs, 1)
    f1 = 2 * hits / max(pairs + hits + wrong, 1)
    quality = {"precision": round(precision, 4), "recall": round(recall, 4), "F1": round(f1, 4)}
    return {
        "what": what,
        "records": "-",
        "pairs": pairs,
        "wrong": wrong,
        **quality,
        "CPU s": "-",
        "seconds": "-",
        "peak MB": "-",
    }


def _f1(line: Line) -> float:
    return float(str(line["F1"]))
