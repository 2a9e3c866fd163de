"""What was found is said in plain sentences, with a tone."""

from __future__ import annotations

import numpy as np
import pytest

from tsne_widget.honesty import words
from tsne_widget.honesty.findings import FoundGap
from tsne_widget.honesty.luck import Held, Luck
from tsne_widget.honesty.noise import Noise, Shape
from tsne_widget.honesty.verdict import Verdict


def gaps(*answers):
    rows = np.arange(50)
    return [FoundGap(answer, "", {}, [np.zeros((2, 2), np.float32)], rows, rows) for answer in answers]


def verdict(**changes) -> Verdict:
    told = {"W": 1.0, "crossing": 0.2, "cloud": 0.2, "parts": 0.3, "sizes": (50, 50), "measured": 100}
    known = {"answer": "joined", **told, "taken_in": 0, "links": np.empty((0, 2), int), **changes}
    return Verdict(**known)


def noise(*, structure: bool = False, uneven: bool = False) -> Noise:
    return Noise(structure, uneven, Shape(0.5, 0.1), (Shape(0.6, 0.2),), 1_000)


def luck(*means: float) -> Luck:
    held = [Held("", "", 50, False, 0.9, [mean, mean]) for mean in means]
    return Luck({1: "seed 1", 2: "seed 2"}, "2 maps from other starts", held)


@pytest.mark.parametrize(
    ("found", "tone", "sentence"),
    [
        (
            words.fits("", 0.59, 0.17, 0.14),
            "good",
            "Of a row's 10 nearest rows, 6 are beside it here; 17 % are nowhere near. Of the rows beside it "
            "here, 14 % are nowhere near it in the data.",
        ),
        (
            words.fits("'3'", 0.1, 0.6, None),
            "bad",
            "Of this group's 10 nearest rows, 1 is beside it here; 60 % are nowhere near.",
        ),
        (
            words.torn("", 0.106, 1.5),
            "caution",
            "11 % of the rows lie more than 3 times as far from their nearest rows as they need to: the map "
            "has torn them from these.",
        ),
        (
            words.torn("", 0.02, 1.1),
            "good",
            "It is whole: only 2 % of the rows lie more than 3 times as far from their nearest rows as they "
            "need to.",
        ),
        (
            words.torn("", 0.9, 5.9, 5.8),
            "bad",
            "Half of the rows lie more than 5.9 times as far from their nearest rows here as they need to: "
            "two dimensions do not hold this shape. On a map of a structureless cloud of this shape, half "
            "lie beyond 5.8 times.",
        ),
        (
            words.noise(noise()),
            "bad",
            "A Gaussian cloud of the same shape gives a map like this one: take no clump seriously.",
        ),
        (
            words.torn("", 0, 1.1),
            "good",
            "It is whole: no row lies more than 3 times as far from its nearest rows as it needs to.",
        ),
        (
            words.noise(noise(uneven=True)),
            "caution",
            "These rows are no more separate than a Gaussian cloud of the same shape, but their density "
            "varies more: some lie much closer together than others.",
        ),
        (
            words.noise(noise(structure=True)),
            "good",
            "There is more than noise in these data: no Gaussian cloud of the same shape is like them.",
        ),
        (words.gaps(gaps("apart", "apart")), "good", "2 of 2 gaps are in the data."),
        (
            words.gaps(gaps("apart", "thin", "joined", None)),
            "caution",
            "1 of 4 gaps are in the data, 1 hangs together by a thin place, 1 is the map's own cut, 1 "
            "cannot be told.",
        ),
        (
            words.gaps(gaps("joined")),
            "bad",
            "0 of 1 gap is in the data, 1 is the map's own cut: there are no separate groups.",
        ),
        (words.gaps([]), "plain", "This map shows no gap between clumps of 3 % of the rows or more."),
        (
            words.strong("'3'", 1.06, "'9'"),
            "caution",
            "Rows of '9' are on average 1.06 times as far away as this group's own: hardly farther, however "
            "clear it looks.",
        ),
        (
            words.strong("'3'", 1.6, "'9'"),
            "good",
            "Rows of '9' are on average 1.60 times as far away as this group's own.",
        ),
        (
            words.luck("'3'", luck(0.97)),
            "good",
            "In 2 maps from other starts this group stays together (97 %; scattered would be 0). Holding "
            "together does not make a group real.",
        ),
        (
            words.luck_of_clumps(luck(0.9, 0.2, 0.9)),
            "bad",
            "1 of 3 clumps comes apart in 2 maps from other starts: luck.",
        ),
        (
            words.luck_of_clumps(luck(0.9, 0.5, 0.5)),
            "caution",
            "2 of 3 clumps stay together only in part in 2 maps from other starts.",
        ),
        (
            words.luck_of_clumps(luck(0.9, 0.8)),
            "good",
            "All 2 clumps stay together in 2 maps from other starts. That does not make them real.",
        ),
        (words.unknown("noise", "", "too few"), "plain", "There is no answer: too few."),
    ],
)
def test_each_answer_is_a_sentence(found, tone, sentence):
    assert found.sentence == sentence
    assert found.tone == tone


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            verdict(answer="apart", crossing=0.02, cloud=0.16),
            "These two are apart in the data: 2 % of the neighbour links cross, 16 % in a single cloud of "
            "this shape.",
        ),
        (
            verdict(answer="thin", crossing=0.13, cloud=0.22, parts=0.2, names=("'a'", "'b'")),
            "'a' and 'b' hang together by a thin place: 13 % of the neighbour links cross, 20 % at the "
            "weakest place inside them.",
        ),
        (
            verdict(crossing=0.36, cloud=0.23),
            "In the data there is no gap between these two: 36 % of the neighbour links cross; a single "
            "cloud of this shape lets at least 23 % cross.",
        ),
        (
            verdict(crossing=0.04, cloud=0.17, parts=0.02),
            "In the data there is no gap between these two: 4 % of the neighbour links cross, fewer than "
            "the 17 % of a round cloud, but no fewer than the 2 % inside each of the two: a long shape, or "
            "one of many pieces, cut by the map.",
        ),
        (
            verdict(crossing=0.36, cloud=np.inf, parts=0.2, taken_in=1),
            "In the data there is no gap between these two: 36 % of the neighbour links cross, as against "
            "20 % inside each of them. 1 row between them counts with the nearer one.",
        ),
    ],
)
def test_a_verdict_is_a_sentence(found, sentence):
    assert found.sentence == sentence


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (words.picked(4, 4, 6), "You found it: panel 4 is your map. Chance alone finds it 1 time in 6."),
        (
            words.picked(2, 4, 6),
            "Panel 4 is your map. Panel 2 is noise: if noise can look like your map, take no clump "
            "seriously.",
        ),
        (
            words.beside_lineup(words.noise(noise(structure=True))),
            "There is more than noise in these data: no Gaussian cloud of the same shape is like them. "
            "(λ₂ of their neighbour graph is 0.500, that of noise reaches 0.600.)",
        ),
        (words.beside_lineup(words.unknown("noise", "", "too few")), "There is no answer: too few."),
    ],
)
def test_whoever_picks_from_a_line_up_is_told_in_sentences(said, sentence):
    assert said == sentence


NOISY, STRUCTURED = words.noise(noise()), words.noise(noise(structure=True))
TORN, WHOLE, CROWDED = words.torn("", 0.2, 1.5), words.torn("", 0.01, 1), words.torn("", 0.9, 4)
FITS, FEW = words.fits("", 0.6, 0.1, 0.1), words.fits("", 0.1, 0.7, 0.6)
LOST, HELD = words.luck_of_clumps(luck(0.9, 0.1)), words.luck_of_clumps(luck(0.9, 0.9))


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ((NOISY, TORN, FEW, LOST), NOISY),
        ((STRUCTURED, TORN, FEW, LOST), TORN),
        ((STRUCTURED, CROWDED, FEW, LOST), FEW),
        ((STRUCTURED, CROWDED, FITS, LOST), CROWDED),
        ((STRUCTURED, WHOLE, FITS, LOST), LOST),
    ],
)
def test_the_most_important_finding_is_told_first(found, chosen):
    advice = words.advice(*found)
    assert advice is not None
    assert advice.question == "advice"
    assert (advice.sentence, advice.tone) == (chosen.sentence, chosen.tone)


def test_what_is_known_is_told_and_of_a_map_of_which_nothing_is_known_nothing():
    fits, torn, noise = (words.unknown(name, "", "too few rows") for name in ("fits", "torn", "noise"))
    for known, found in [
        (STRUCTURED, (STRUCTURED, torn, fits)),
        (WHOLE, (STRUCTURED, WHOLE, fits)),
        (FITS, (noise, torn, FITS)),
    ]:
        advice = words.advice(*found)
        assert advice is not None
        assert advice.sentence == known.sentence
    assert words.advice(noise, torn, fits) is None


def test_if_all_is_well_the_map_says_how_well_it_fits():
    advice = words.advice(STRUCTURED, WHOLE, FITS, HELD)
    assert advice is not None
    assert advice.tone == "good"
    assert advice.sentence == (
        "Of a row's 10 nearest rows, 6 are beside it here, and 1 % of the rows are torn from theirs."
    )
