"""The schemas accept what the loaders accept: every document that comes with the product, and what people write wrong is told."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft202012Validator, meta

from salesloop.engine.governance.schemas import schemas
from tests.cli.run import salesloop

SHIPPED = {
    "metrics": ("salesloop.engine.metrics", "catalogue"),
    "quality": ("salesloop.engine.clean.quality", "checks"),
    "checks": ("salesloop.engine.analyze.findings", "rules"),
    "reports": ("salesloop.engine.report", "reports"),
    "entities": ("salesloop.engine.model", "entities"),
}


def documents(folder: str) -> list[Any]:
    package, inside = SHIPPED[folder]
    return [
        document
        for file in resources.files(package).joinpath(inside).iterdir()
        if file.name.endswith(".yaml") and not file.name.startswith("_")
        for document in yaml.safe_load_all(file.read_text("utf-8"))
    ]


@pytest.mark.requirement("AB05")
@pytest.mark.parametrize("folder", list(SHIPPED))
def test_what_comes_with_the_product_fits_its_schema(folder: str):
    validator = Draft202012Validator(schemas()[folder])
    found = documents(folder)
    assert found
    assert [error.message for one in found for error in validator.iter_errors(one)] == []


@pytest.mark.parametrize("folder", list(SHIPPED))
def test_an_unknown_key_is_told(folder: str):
    validator = Draft202012Validator(schemas()[folder])
    assert not validator.is_valid({**documents(folder)[0], "colour": "red"})


def test_one_command_writes_them_all(tmp_path: Path):
    answer = salesloop("definitions", "schemas", tmp_path / "schemas")
    assert answer.code == 0
    written = sorted(file.name for file in (tmp_path / "schemas").iterdir())
    assert written == sorted(f"{folder}.schema.json" for folder in schemas())
    for file in (tmp_path / "schemas").iterdir():
        assert meta.is_valid(json.loads(file.read_text("utf-8")))
