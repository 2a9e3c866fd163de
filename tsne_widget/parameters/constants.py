"""Numbers by which the widget works: seconds, counts, sizes."""

from __future__ import annotations

#: Neighbours wanted for each unit of perplexity (van der Maaten 2014, section 4.1).
NEIGHBORS_PER_PERPLEXITY = 3
#: Neighbours searched at least, so that the perplexity can rise to 100 without a new search ...
NEIGHBORS_HEADROOM = 300
#: ... up to this many rows; above, only what the perplexity asks for.
NEIGHBORS_HEADROOM_MAX_ROWS = 5_000
#: Seconds of work given to one widget before the next has its turn.
SLICE_SECONDS = 0.02
#: Seconds without any view after which a widget that was shown pauses.
ABSENCE_SECONDS = 30.0
#: Seconds of silence after which a page no longer holds up the frames of the others.
PATIENCE_SECONDS = 2.0
#: Seconds between two signs of life of a page.
HEARTBEAT_SECONDS = 5.0
#: Pages that show one widget at a time at most; and those whose last message is remembered.
PAGES_MAX, PAGES_REMEMBERED = 100, 1_000
#: Questions of all pages of one widget that wait for their answer at most.
QUESTIONS_MAX = 1_000
#: Seconds between frames sent when every page that shows the widget is hidden.
HIDDEN_FRAME_SECONDS = 1.0
#: Frames on their way to the browser at most, below and from `LARGE_ROWS` rows.
WINDOW, WINDOW_LARGE, LARGE_ROWS = 2, 1, 100_000
#: Iterations of one `step()`.
STEP_ITERATIONS = 1
#: Maps in one widget at most.
RUNS_MAX = 64
#: The perplexities that the compare menu offers.
COMPARE_PERPLEXITIES = (5.0, 30.0, 100.0)
#: The exaggerations that it offers, the first and the last of a slider.
EXAGGERATIONS = (1.0, 4.0, 12.0)
#: Nearest neighbours whose share that is kept on the map tells how good it is.
KEPT_NEIGHBORS = 10
#: Nearest neighbours on the maps that their stability is measured by, where there are as many other rows.
STABILITY_NEIGHBORS = 15
#: Nearest neighbours by which the density of the data around a row is told.
DENSITY_NEIGHBORS = 10
#: Neighbours that are told of a row.
NEIGHBORS_LISTED = 10
#: Keyframes of a map that are kept at most, and bytes that they may take; of many points fewer, but these.
HISTORY_FRAMES, HISTORY_BYTES, HISTORY_FRAMES_LEAST = 100, 64_000_000, 12
#: CSS pixels of a saved picture unless told otherwise.
IMAGE_WIDTH = 900
#: Keyframes of each map in a saved page unless told otherwise.
PAGE_KEYFRAMES = 25
#: Columns that a tooltip tells unless others are chosen.
TOOLTIP_COLUMNS = 4


def stability_neighbors(n: int) -> int:
    """Neighbours that the stability of maps is measured by, unless the user says how many."""
    return min(STABILITY_NEIGHBORS, n - 1)
