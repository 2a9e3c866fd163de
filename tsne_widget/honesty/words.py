"""Say in a sentence or two what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from .findings import Answer, Finding, FoundGap, Tone
from .luck import IN_PART, NOT_REAL, STAYS, Luck
from .noise import Noise
from .verdict import Verdict
from .written import percent

#: A row is torn from its nearest rows if its reach is above this.
TORN = 3.0
#: The share of torn rows that is worth a word, as long as half of the rows have a reach below `WHOLE`.
TORN_SHARE, WHOLE = 0.05, 2.0
#: The share of missing neighbours above which the map keeps few.
MISSING_SHARE = 0.5
_TEN = 10


def fits(subject: str, kept: float, missing: float, false: float | None, k: int = _TEN) -> Finding:
    """Say how many of the nearest rows a map keeps, from mean shares."""
    whose = "this group's" if subject else "a row's"
    sentence = (
        f"Of {whose} {k} nearest rows, {k * kept:.0f} {'is' if round(k * kept) == 1 else 'are'} beside it "
        f"here; {percent(missing)} are nowhere near."
    )
    values = {"kept": kept, "missing": missing}
    if false is not None:
        values["false"] = false
        sentence += f" Of the rows beside it here, {percent(false)} are nowhere near it in the data."
    tone: Tone = "bad" if missing >= MISSING_SHARE else "caution" if missing >= MISSING_SHARE / 2 else "good"
    return Finding("fits", subject, sentence, tone, values)


def torn(subject: str, share: float, median: float, null: float | None = None) -> Finding:
    """Say how many rows lie far from their nearest rows.

    Parameters
    ----------
    share : float
        The share of rows with a reach above `TORN`.
    median : float
        The median reach.
    null : float, optional
        The median reach on a map of structureless data of the same shape.
    """
    values = {"share": share, "median": median}
    if median >= WHOLE:
        sentence = (
            f"Half of the rows lie more than {median:.1f} times as far from their nearest rows here as they "
            "need to: two dimensions do not hold this shape."
        )
        tone: Tone = "bad"
    elif share >= TORN_SHARE:
        sentence = (
            f"{percent(share)} of the rows lie more than {TORN:.0f} times as far from their nearest rows as "
            "they need to: the map has torn them from these."
        )
        tone = "caution"
    else:
        few = f"only {percent(share)} of the rows lie" if share else "no row lies"
        its, needs = ("their", "they need") if share else ("its", "it needs")
        sentence = (
            f"It is whole: {few} more than {TORN:.0f} times as far from {its} nearest rows as {needs} to."
        )
        tone = "good"
    if null is not None:
        values["null"] = null
        sentence += f" On a map of a structureless cloud of this shape, half lie beyond {null:.1f} times."
    return Finding("torn", subject, sentence, tone, values)


def noise(found: Noise) -> Finding:
    """Say whether the data have more structure than noise."""
    clouds = max(cloud.eigenvalue for cloud in found.clouds)
    values = {"eigenvalue": found.data.eigenvalue, "clouds": clouds, "rows": float(found.measured)}
    if not found.structure and found.uneven:
        sentence = (
            "These rows are no more separate than a Gaussian cloud of the same shape, but their density "
            "varies more: some lie much closer together than others."
        )
        return Finding("noise", "", sentence, "caution", values)
    if not found.structure:
        sentence = "A Gaussian cloud of the same shape gives a map like this one: take no clump seriously."
        return Finding("noise", "", sentence, "bad", values)
    sentence = "There is more than noise in these data: no Gaussian cloud of the same shape is like them."
    return Finding("noise", "", sentence, "good", values)


def picked(number: int, answer: int, panels: int) -> str:
    """Say whether the panel that somebody picked from a line-up is the map; both are numbers from 1."""
    if number == answer:
        return f"You found it: panel {answer} is your map. Chance alone finds it 1 time in {panels}."
    return (
        f"Panel {answer} is your map. Panel {number} is noise: if noise can look like your map, take no "
        "clump seriously."
    )


def beside_lineup(noise: Finding) -> str:
    """Say what the data themselves tell about noise, with lambda 2, to whoever has picked from a line-up."""
    if not noise.values:
        return noise.sentence
    ours, theirs = (f"{noise.values[name]:.3f}" for name in ("eigenvalue", "clouds"))
    return f"{noise.sentence} (λ₂ of their neighbour graph is {ours}, that of noise reaches {theirs}.)"


def gaps(found: Sequence[FoundGap]) -> Finding:
    """Say how many gaps of a map are in the data."""
    if not found:
        return Finding("gaps", "", "This map shows no gap between clumps of 3 % of the rows or more.")
    counts = Counter(gap.answer for gap in found)
    tone: Tone = (
        "good"
        if counts["joined"] == counts[None] == 0
        else "bad"
        if counts["apart"] + counts["thin"] == 0
        else "caution"
    )
    values = {str(answer or "unknown"): float(counts[answer]) for answer in ("apart", "thin", "joined", None)}
    total = len(found)
    said = f"{counts['apart']} of {total} gap{'s are' if total > 1 else ' is'} in the data"
    if counts["thin"]:
        said += f", {counts['thin']} {'hangs' if counts['thin'] == 1 else 'hang'} together by a thin place"
    if counts["joined"]:
        said += f", {counts['joined']} {'is' if counts['joined'] == 1 else 'are'} the map's own cut"
    if counts[None]:
        said += f", {counts[None]} cannot be told"
    if tone == "bad":
        said += ": there are no separate groups"
    return Finding("gaps", "", said + ".", tone, values)


def apart(found: Verdict) -> Finding:
    """Say whether two groups are apart in the data."""
    tones: dict[Answer, Tone] = {"apart": "good", "thin": "caution", "joined": "bad"}
    return Finding("apart", found.names[0], found.sentence, tones[found.answer], found.values)


def strong(subject: str, contrast: float, other: str) -> Finding:
    """Say how far away the next group is, in the distances within a group."""
    weak = contrast < WEAK
    sentence = (
        f"Rows of {other} are on average {contrast:.2f} times as far away as this group's own"
        f"{': hardly farther, however clear it looks' if weak else ''}."
    )
    return Finding("strong", subject, sentence, "caution" if weak else "good", {"contrast": contrast})


#: Below this contrast the next group is hardly farther than the group's own rows.
WEAK = 1.1


def luck(subject: str, found: Luck) -> Finding:
    """Say whether a group stays together on repetitions of the map."""
    (held,) = found.held
    if not held.verdict:
        return unknown("luck", subject, held.in_words(found.in_words))
    tones: dict[str, Tone] = {"stays together": "good", "comes apart": "bad"}
    sentence = f"{held.in_words(found.in_words)} {NOT_REAL}"
    return Finding("luck", subject, sentence, tones.get(held.verdict, "caution"), {"together": held.mean})


def luck_of_clumps(found: Luck) -> Finding:
    """Say how many clumps of the map come apart on its repetitions."""
    values = [held.mean for held in found.held]
    lost, total = sum(value < IN_PART for value in values), len(values)
    shaken = sum(IN_PART <= value < STAYS for value in values)
    told = {"lost": float(lost), "in part": float(shaken), "clumps": float(total)}
    where = f"in {found.in_words}"
    if lost:
        verb = "comes" if lost == 1 else "come"
        return Finding("luck", "", f"{lost} of {total} clumps {verb} apart {where}: luck.", "bad", told)
    if shaken:
        verb = "stays" if shaken == 1 else "stay"
        sentence = f"{shaken} of {total} clumps {verb} together only in part {where}."
        return Finding("luck", "", sentence, "caution", told)
    sentence = f"All {total} clumps stay together {where}. That does not make them real."
    return Finding("luck", "", sentence, "good", told)


def unknown(question: str, subject: str, why: str) -> Finding:
    """Say why there is no answer."""
    return Finding(question, subject, no_answer(why))


def no_answer(why: str) -> str:
    """Say why there is no answer."""
    return f"There is no answer: {why}."


def advice(noise: Finding, torn: Finding, fits: Finding, luck: Finding | None = None) -> Finding | None:
    """Choose what matters most about a map: noise, tears, few neighbours kept, luck; or that all is well.

    None if nothing is known.
    """
    wanted = [
        noise if noise.tone in ("bad", "caution") else None,
        torn if torn.tone == "caution" else None,
        fits if fits.tone == "bad" else None,
        torn if torn.tone == "bad" else None,
        luck if luck and luck.tone != "good" else None,
    ]
    chosen = next(filter(None, wanted), None)
    if chosen is not None:
        return replace(chosen, question="advice")
    if fits.tone == torn.tone == "good":
        share = torn.values["share"]
        whole = (
            f"{percent(share)} of the rows are torn from theirs" if share else "no row is torn from its own"
        )
        sentence = f"{fits.sentence.partition(';')[0]}, and {whole}."
        return Finding("advice", "", sentence, "good")
    known = next((one for one in (fits, torn, noise) if one.values), None)
    return known and replace(known, question="advice")
