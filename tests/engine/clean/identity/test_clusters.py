"""Groups of one thing: pairs that are to be merged hang together, chains do not."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.clean.identity import clusters

pytestmark = pytest.mark.requirement("C02")


def pairs(*rows):
    left, right, score, decision = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            "left_id": pa.array(left, pa.string()),
            "right_id": pa.array(right, pa.string()),
            "score": pa.array(score, pa.float64()),
            "decision": pa.array(decision, pa.string()),
        }
    )


def groups(table):
    out: dict[str, list[str]] = {}
    for one, cluster in zip(table["id"].to_pylist(), table["cluster"].to_pylist(), strict=True):
        out.setdefault(cluster, []).append(one)
    return out


def test_only_pairs_to_be_merged_count():
    assert groups(clusters(pairs(("a", "b", 0.99, "merge"), ("b", "c", 0.9, "ask")))) == {"a": ["a", "b"]}


def test_three_that_all_agree_are_one():
    rows = [("a", "b", 0.99, "merge"), ("b", "c", 0.98, "merge"), ("a", "c", 0.97, "merge")]
    assert groups(clusters(pairs(*rows))) == {"a": ["a", "b", "c"]}


def test_a_chain_is_cut_at_its_weakest_link():
    rows = [("a", "b", 0.99, "merge"), ("b", "c", 0.96, "merge"), ("c", "d", 0.99, "merge")]
    assert groups(clusters(pairs(*rows))) == {"a": ["a", "b"], "c": ["c", "d"]}


def test_nothing_to_merge_gives_no_group():
    assert clusters(pairs()).num_rows == 0


@given(st.data())
def test_the_order_and_the_sides_of_the_pairs_do_not_matter(data):
    ids = st.sampled_from("abcdefgh")
    drawn = data.draw(
        st.dictionaries(st.tuples(ids, ids).filter(lambda p: p[0] < p[1]), st.floats(0.5, 1), max_size=14)
    )
    rows = [(a, b, score, "merge") for (a, b), score in drawn.items()]
    mixed = [
        (b, a, s, d) if data.draw(st.booleans()) else (a, b, s, d) for a, b, s, d in data.draw(st.permutations(rows))
    ]
    assert clusters(pairs(*rows)).equals(clusters(pairs(*mixed)))
