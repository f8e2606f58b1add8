"""What a look for duplicates found, after an import or by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from salesloop.cli.common import lang, say

if TYPE_CHECKING:
    from salesloop.engine.model.entity import Model
    from salesloop.engine.pipeline.identity.queue import Looked
    from salesloop.engine.store import Workspace


def match_new(workspace: Workspace) -> tuple[dict[str, Looked], int]:
    """Match what an import brought, unless it is so much that it should be asked for."""
    from salesloop.engine.pipeline.identity.automatic import MOST, look_and_merge

    return look_and_merge(workspace, now=dt.datetime.now(dt.UTC), most=MOST, wait=60)


def print_found(found: Mapping[str, Looked], merged: int, model: Model) -> None:
    """One line for each entity with possible duplicates or too many records, and one for what was merged."""
    for name, looked in found.items():
        label = model.entity(name).label.get(lang())
        if looked.too_many:
            print(
                say(
                    "{label}：{records:,} 条新记录尚未查重，请运行 salesloop duplicates find",
                    "{label}: {records:,} new records are not yet matched; run salesloop duplicates find",
                    "{label}：{records:,} 筆新記錄尚未查重，請執行 salesloop duplicates find",
                    label=label,
                    records=looked.records,
                )
            )
        elif looked.merge or looked.ask:
            print(
                say(
                    "{label}：{merge} 对很可能重复，{ask} 对需要确认：salesloop duplicates list",
                    "{label}: {merge} pairs are very likely the same, {ask} are to be decided: salesloop duplicates list",
                    "{label}：{merge} 對很可能重複，{ask} 對需要確認：salesloop duplicates list",
                    label=label,
                    merge=looked.merge,
                    ask=looked.ask,
                )
            )
    if merged:
        print(
            say(
                "登记号相同的 {merged} 组已自动合并（可撤销）：salesloop duplicates history",
                "{merged} groups were merged by the rules of this workspace (undo: salesloop duplicates history)",
                "登記號相同的 {merged} 組已自動合併（可撤銷）：salesloop duplicates history",
                merged=merged,
            )
        )


def found_json(found: Mapping[str, Looked], merged: int) -> dict[str, Any]:
    """For programs: pairs by entity, and how many groups were merged without a person."""
    return {
        "entities": {
            name: {"records": one.records, "sure": one.merge, "ask": one.ask, "too_many": one.too_many}
            for name, one in found.items()
        },
        "merged": merged,
    }
