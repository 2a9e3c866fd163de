"""Numbers that the widget works by: seconds, counts, sizes."""

from __future__ import annotations

#: Neighbours wanted for each unit of perplexity (van der Maaten 2014, section 4.1).
NEIGHBORS_PER_PERPLEXITY = 3
#: The fewest neighbours searched: the perplexity can rise to 100 without a new search ...
NEIGHBORS_HEADROOM = 300
#: ... up to this many rows; above, only as many as the perplexity needs.
NEIGHBORS_HEADROOM_MAX_ROWS = 5_000
#: Maps of more rows than this start from the map of a sample, which shows meanwhile; the rows of the sample.
SAMPLED_ABOVE_ROWS, SAMPLE_ROWS = 100_000, 10_000
#: The rows of a sample of rows beyond memory.
DRAWN_ROWS = 20_000
#: Iterations of more rows take longer than a command should wait: they are done in parts.
WHOLE_ITERATIONS_ROWS = 100_000
#: Seconds of work for one widget before the next has its turn.
SLICE_SECONDS = 0.02
#: Seconds between two slices in which the states of maps are read, to be saved.
READING_SECONDS = 0.005
#: Seconds without a view before a widget that was shown pauses.
ABSENCE_SECONDS = 30.0
#: Seconds of silence before a client stops holding up the frames of the others.
PATIENCE_SECONDS = 2.0
#: Seconds between two heartbeats of a client.
HEARTBEAT_SECONDS = 5.0
#: The most clients that show one widget at a time, and the most whose last message is remembered.
CLIENTS_MAX, CLIENTS_REMEMBERED = 100, 1_000
#: The most queries that wait for an answer, over all clients of one widget.
QUESTIONS_MAX = 1_000
#: Seconds between frames sent when every client that shows the widget is hidden.
HIDDEN_FRAME_SECONDS = 1.0
#: The most frames on their way to the browser, below and from `LARGE_ROWS` rows.
WINDOW, WINDOW_LARGE, LARGE_ROWS = 2, 1, 100_000
#: The rows of the data that the tooltip of a new row names.
NEAREST_TOLD = 5
#: How many are searched at once, so that maps that need more do not search again.
NEAREST_SEARCHED = 25
#: Iterations of one `step()`.
STEP_ITERATIONS = 1
#: The most maps in one widget.
RUNS_MAX = 64
#: The perplexities that the compare menu offers.
COMPARE_PERPLEXITIES = (5.0, 30.0, 100.0)
#: The exaggerations that the compare menu offers: the first and the last of a slider.
EXAGGERATIONS = (1.0, 4.0, 12.0)
#: The metrics that the compare menu offers.
METRICS = ("euclidean", "cosine")
#: How many nearest neighbours 'neighbors kept' counts.
KEPT_NEIGHBORS = 10
#: A neighbour that is not among this many nearest is nowhere near.
FAR_NEIGHBORS = 30
#: How many nearest neighbours reach, isolation and second homes look at, if there are as many other rows.
LINKED_NEIGHBORS = 15
#: How many draws of noise tell how far isolation goes by chance; the most rows of them together, if there are
#: several; and the most numbers in a draw.
NULL_DRAWS, NULL_ROWS, NULL_NUMBERS_MAX = 5, 50_000, 10_000_000
#: How many nearest neighbours stability compares, if there are as many other rows.
STABILITY_NEIGHBORS = 15
#: How many nearest neighbours the density around a row averages over.
DENSITY_NEIGHBORS = 10
#: What repetitions of a map differ in: their random start, or also their rows; and the share of rows then.
REPEATS, REPEATED_SHARE = ("starts", "rows"), 0.8
#: How many repetitions there are by default.
REPETITIONS = 4
#: How many maps stand in a line-up by default, and at most.
LINEUP_PANELS, LINEUP_PANELS_MAX = 6, 20
#: Up to this many rows a report maps noise, too, to tell how torn that is.
REPORT_NOISE_ROWS = 10_000
#: From so many rows on, what may be read from a map is told only if somebody asks; and about what it costs.
ADVICE_ROWS, READING_SECONDS_PER_ROW = 50_000, 4e-5
#: How many neighbours of a row are listed, and joined to it by lines.
NEIGHBORS_LISTED = 10
#: The fewest rows that maps are aligned by: fewer would fit anyway.
ALIGN_ROWS = 3
#: The most keyframes kept of a map, and the bytes they may take; the fewest, however many points.
HISTORY_FRAMES, HISTORY_BYTES, HISTORY_FRAMES_LEAST = 100, 64_000_000, 12
#: Up to so many names are on the maps unless the user chooses.
NAMES_SHOWN = 40
#: Points are drawn as pictures if at most so many are in view: more would cover one another.
PICTURES_SHOWN = 400
#: The default size of a saved picture in CSS pixels.
IMAGE_WIDTH = 900
#: The default width of a moving picture in pixels, its frames in a second, and how long its maps move.
ANIMATION_WIDTH, ANIMATION_FPS, ANIMATION_SECONDS = 600, 15.0, 5.0
#: The default number of keyframes of each map in a saved page.
SAVED_KEYFRAMES = 25
#: Seconds between two times that a widget saves itself, and the most of the time that saving may take.
AUTOSAVE_SECONDS, AUTOSAVE_SHARE = 60.0, 0.05
#: How many columns a tooltip shows unless others are chosen.
TOOLTIP_COLUMNS = 4


def stability_neighbors(n: int) -> int:
    """Return how many neighbours stability compares by default."""
    return min(STABILITY_NEIGHBORS, n - 1)
