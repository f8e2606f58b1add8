"""The description of the API is what it was, unless somebody meant to change it.

After a change on purpose: `UPDATE_SNAPSHOTS=1 python -m pytest tests/app/api/test_openapi.py`, then read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

SNAPSHOT = Path(__file__).with_name("openapi.json")


def test_the_description_is_the_kept_one(as_):
    answer = as_("nobody").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    text = json.dumps(answer.json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SNAPSHOT.write_text(text, "utf-8")
    assert text == SNAPSHOT.read_text("utf-8")


def test_every_address_says_how_to_log_in_and_how_it_refuses(as_):
    description = as_("nobody").get("/api/v1/openapi.json").json()
    assert set(description["components"]["securitySchemes"]) == {"Session", "Bearer"}
    for path, methods in description["paths"].items():
        assert set(methods) == {"get"}, path
        assert "401" in methods["get"]["responses"], path
