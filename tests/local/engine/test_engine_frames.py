"""What goes over a worker's pipe arrives as it was sent, whole or not at all."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.local.engine.frames import Job, Result, read_frame, write_frame

TEXT = st.text(max_size=20)
RESULTS = st.builds(
    Result,
    job_id=TEXT,
    extract_result=st.binary(max_size=50),
    field_metadata=st.binary(max_size=50),
    pages=st.integers(0, 99),
    warnings=st.lists(TEXT, max_size=3).map(tuple),
    reading=st.none() | TEXT,
)
FRAMES = RESULTS | st.builds(Job, job_id=TEXT, path=TEXT, name=TEXT, reading=st.none() | TEXT)


@given(st.lists(FRAMES, min_size=1, max_size=4), st.data())
def test_frames_arrive_in_order_and_a_cut_one_not_at_all(
    frames: list[Job | Result], data: st.DataObject
) -> None:
    pipe, ends = io.BytesIO(), []
    for frame in frames:
        write_frame(pipe, frame)
        ends.append(pipe.tell())
    cut = data.draw(st.integers(0, ends[-1]))
    arriving = io.BytesIO(pipe.getvalue()[:cut])
    whole = [frame for frame, end in zip(frames, ends, strict=True) if end <= cut]
    assert [read_frame(arriving) for _ in range(len(whole) + 1)] == [*whole, None]
