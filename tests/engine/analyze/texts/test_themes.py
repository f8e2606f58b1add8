"""Themes and feelings on labelled sentences and on single cases.

The sentences were written by the hands that chose the words, so a company's own texts will do worse than these figures.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from salesloop.engine.analyze.texts.lexicon import load_lexicon
from salesloop.engine.analyze.texts.mentions import mentions
from salesloop.engine.model.errors import UserError

SENTENCES = Path(__file__).with_name("sentences.csv")
FEELINGS = {"+": 1, "-": -1, "": 0}


def read(*texts: str, workspace: Path | None = None) -> list[dict[str, int]]:
    """Of each text: theme → feeling."""
    table = pa.table({"text_id": list(range(len(texts))), "text": list(texts)})
    found: list[dict[str, int]] = [{} for _ in texts]
    for row in mentions(table, load_lexicon(workspace)).to_pylist():
        found[row["text_id"]][row["theme"]] = row["feeling"]
    return found


@pytest.mark.requirement("B17")
def test_themes_are_found_in_labelled_sentences() -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        labelled = list(csv.DictReader(file))
    assert len(labelled) >= 120
    found = read(*(row["text"] for row in labelled))
    right = told = meant = 0
    missed, wrong, felt_right, felt_all, contrary = [], [], 0, 0, 0
    for row, themes in zip(labelled, found, strict=True):
        wanted = set(filter(None, row["themes"].split("|")))
        right += len(wanted & set(themes))
        told += len(themes)
        meant += len(wanted)
        missed += [(row["text"], theme) for theme in wanted - set(themes)]
        wrong += [(row["text"], theme) for theme in set(themes) - wanted]
        if len(wanted) == 1 and wanted <= set(themes):
            felt = themes[next(iter(wanted))]
            felt_all += 1
            felt_right += felt == FEELINGS[row["feeling"]]
            contrary += felt * FEELINGS[row["feeling"]] < 0
            if felt != FEELINGS[row["feeling"]]:
                print("feeling", row["text"], felt)  # noqa: T201 - measured levels are printed
    precision, recall, feeling = right / told, right / meant, felt_right / felt_all
    print(f"sentences {len(labelled)}, precision {precision:.3f}, recall {recall:.3f}, feeling {feeling:.3f}")  # noqa: T201
    print("missed", missed, "\nwrong", wrong)  # noqa: T201
    assert precision >= 0.97
    assert recall >= 0.98
    assert feeling >= 0.9
    assert contrary <= 3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("不便宜", {"price": -1}),
        ("价格不算贵", {"price": 1}),
        ("一点都不贵", {"price": 1}),
        ("不是质量的原因，是预算", {"price": 0}),
        ("質量很好，但是交貨延遲", {"quality": 1, "delivery": -1}),
        ("The delivery was not late", {"delivery": 0}),
        ("Not overpriced", {"price": 1}),
        ("", {}),
        ("'; DROP TABLE texts; --", {}),
    ],
)
def test_a_negation_turns_the_feeling_and_what_it_is_not_about_is_left_out(text: str, wanted: dict[str, int]) -> None:
    assert read(text) == [wanted]


def test_equal_texts_are_each_counted() -> None:
    assert read("太贵", "太贵", "天气好") == [{"price": -1}, {"price": -1}, {}]


def test_a_workspace_adds_themes_and_words(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    file = tmp_path / "standards" / "themes.yaml"
    file.write_text(
        "themes:\n- theme: smell\n  label: {zh-Hans: 气味, en: Smell}\n  phrases: [气味]\n  bad: [刺鼻]\n"
        "- theme: price\n  bad: [肉疼]\n",
        encoding="utf-8",
    )
    assert read("气味刺鼻", "价格肉疼", workspace=tmp_path) == [{"smell": -1}, {"price": -1}]
    assert load_lexicon(tmp_path).label("smell").en == "Smell"


@pytest.mark.parametrize("content", ["themes: 5", "themes:\n- theme: smell\n  phrases: [x]", "{", "themes:\n- them: x"])
def test_a_wrong_file_is_explained(tmp_path: Path, content: str) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "themes.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"standards/themes\.yaml"):
        load_lexicon(tmp_path)
