from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.store.files import copy


@pytest.mark.parametrize("size", [0, 1, 3_000_001])
def test_a_copy_has_the_same_bytes_and_leaves_the_original_alone(tmp_path: Path, size: int) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    source.write_bytes(content)
    target.write_bytes(b"what was there before, and longer" * 1000)
    copy(source, target)
    assert target.read_bytes() == content
    with target.open("r+b") as file:
        file.write(b"x")
    assert source.read_bytes() == content
