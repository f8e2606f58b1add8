"""Words are found without a dictionary, and their change is judged against chance."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from salesloop.engine.analyze.texts.keywords import keywords, log_odds

LEFT = ["客户说", "经理问", "今天谈到", "电话里提", "会上说", "采购提到", "他们问", "又问"]
RIGHT = ["怎么样", "什么时候来", "能不能降", "很关心", "再商量", "要样品", "下周定", "有没有"]


def texts(words: dict[str, int], other: dict[str, int]) -> pa.Table:
    """Each word in so many texts now and before, in changing surroundings."""
    rng = random.Random(7)
    rows = [
        (f"{rng.choice(LEFT)}{word}{rng.choice(RIGHT)}", current)
        for counts, current in ((words, True), (other, False))
        for word, count in counts.items()
        for _ in range(count)
    ]
    said, now = zip(*rows, strict=True)
    return pa.table({"text_id": [str(n) for n in range(len(rows))], "text": list(said), "current": list(now)})


@pytest.mark.requirement("B17")
def test_words_are_found_with_what_is_new_and_what_grows() -> None:
    found = {
        word.term: (word.now, word.before, word.standing)
        for word in keywords(texts({"碳粉盒": 40, "墨仓": 50, "硒鼓": 30}, {"墨仓": 30, "硒鼓": 4, "传真机": 30}))
    }
    assert found["碳粉盒"] == (40, 0, "new")
    assert found["硒鼓"] == (30, 4, "rising")
    assert found["墨仓"] == (50, 30, "steady")
    assert found["传真机"] == (0, 30, "falling")
    assert "碳粉" not in found  # hardly stands alone
    assert "粉盒怎" not in found


def test_english_words_are_taken_as_written() -> None:
    table = pa.table(
        {
            "text_id": list("abcd"),
            "text": ["The toner leaks", "toner again", "Toner, toner", "ok"],
            "current": [True] * 4,
        }
    )
    (word,) = keywords(table)
    assert (word.term, word.now, word.z, word.standing) == ("toner", 3, None, "steady")


def test_nothing_said_gives_no_words() -> None:
    assert (
        keywords(
            pa.table(
                {
                    "text_id": pa.array([], pa.string()),
                    "text": pa.array([], pa.string()),
                    "current": pa.array([], pa.bool_()),
                }
            )
        )
        == []
    )


def test_the_change_of_a_word_is_shrunk_towards_what_both_periods_share() -> None:
    """By hand: 30 of 100 against 10 of 100; prior 20 texts, 4 of them with the word: ln(34/86) − ln(14/106) over
    √(1/34 + 1/14) = (−0.92798 + 2.02437) ÷ 0.31755."""
    assert log_odds(30, 100, 10, 100) == pytest.approx(3.4527, abs=1e-3)
    assert log_odds(10, 100, 10, 100) == 0
    assert log_odds(10, 100, 30, 100) == pytest.approx(-3.4527, abs=1e-3)
