"""What is told of creams, fillers, lasers and the like: in words, and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from endplate.case import Case, Given, Offer, Product, offers, product
from endplate.case.offer import ANAESTHETIC, PEPTIDE, Change, changes_of
from endplate.course import default_parameters
from endplate.course.peptide import PeptideForecast, peptide_forecast
from endplate.evidence import Library, Quantity
from endplate.report.names import region_name
from endplate.report.parameters import citation

__all__ = ["PARAMETERS", "case_offers", "change_words", "offer_document", "offer_sentences", "peptide_words"]

PARAMETERS = {
    "thickness": "thickness of the skin",
    "modulus": "modulus of the skin",
    "natural_strain": "natural strain",
    "crease": "depth of lines at rest",
    "hydration": "depth of lines at rest, by moisture",
    "sun": "ultraviolet dose",
}


def change_words(change: Change) -> str:
    """A change in words, with its grade.

    Examples
    --------
    >>> from endplate.evidence import load
    >>> change_words(changes_of(offers()["sunscreen"], load())[0])
    'ultraviolet dose −24 % (−41 to −2 %), derived'
    """
    size = change.size
    ends = "" if size.low is None or size.high is None else f" ({_percent(size.low)} to {_percent(size.high)} %)"
    grade = "ASSUMED" if change.assumed else size.grade
    return f"{PARAMETERS[change.parameter]} {_percent(size.value)} %{ends}, {grade}"


def case_offers(case: Case, library: Library) -> list[str]:
    """Sentences about the offers of a case; none where it has none."""
    return offer_sentences(case.offers, library, product=case.plan.product)


def offer_sentences(given: Sequence[Given], library: Library, *, product: Product) -> list[str]:
    """Sentences about offers.

    Parameters
    ----------
    given
        Offers of a case or of a life.
    library
        The evidence library.
    product
        Of the plan, whose terminals the peptide would meet.
    """
    told = [_given_words(one, library) for one in given]
    for one in given:
        if one.name == PEPTIDE:
            found = peptide_forecast(default_parameters(product), content=one.content, permeation=one.permeation)
            told += peptide_words(found, library, assumed=one.permeation is not None)
    return list(dict.fromkeys(told))


def peptide_words(found: PeptideForecast, library: Library, *, assumed: bool = False) -> list[str]:
    """What a cream with the peptide does and does not, in sentences.

    Parameters
    ----------
    found
        From `peptide_forecast`.
    library
        The evidence library.
    assumed
        Whether the permeation is an assumption of the user.
    """
    epidermis, hydration = library["topical.reaches_epidermis"], library["offer.moisturiser.hydration.size"]
    share = f"{100 * found.permeation:.3g} %"
    if assumed:
        first = f"ASSUMED: {share} of the peptide that is applied gets to the end plates; published is none beyond "
        first += f"the {100 * epidermis.value:g} % that reach the living epidermis."
    else:
        first = f"Of the peptide that is applied, {share} reaches the living epidermis and none was found deeper (in "
        first += f"vitro, {citation(epidermis.source[0], library.sources).text}). All of it is taken to go on."
    nil = "nil" if found.loss < _NIL else f"{100 * found.loss:.2g} % of force"
    needed = (
        "even all of it would not do"
        if found.needed > 1
        else f"{100 * found.needed:.2g} % of it would have to get there"
    )
    times = "" if assumed or found.needed > 1 else f", {found.needed / found.permeation:.0f} times as much"
    ends = f"{_percent(hydration.low or 0)} to {_percent(hydration.high or 0)} %"
    told = [
        f"{first} At the motor nerve endings it then is {found.concentration / found.inhibitory:.2g} of the "
        f"concentration that halves release: a loss of {100 * found.loss:.1g} % of force at most. Predicted "
        f"neuromuscular effect of a cream with {100 * found.content:g} %: {nil}.",
        f"For a loss of {100 * found.wanted:g} % of force, {needed}{times}.",
        f"What such a cream does is moisturise: depth of lines at rest {_percent(hydration.value)} % ({ends}), gone "
        "some days after the last use.",
    ]
    if found.loss < _NIL:
        told.append(
            f"The predicted change with a cream of {100 * found.content:g} % lies within what hydration alone explains."
        )
    return [*told, _reported(library)]


_NIL = 1e-3


def _reported(library: Library) -> str:
    """Outcomes of trials of such creams, which no number of the model follows."""
    most, active = library["reported.cream.blanesmira2002"], library["reported.cream.wang_active"]
    fine = library["reported.cream.draelos_fine"]
    return (
        f"Reported, and not used: depth of lines up to −{most.value:g} % with 10 % of the peptide (Blanes-Mira 2002, "
        f"no control told); fine lines −{fine.value:g} % with a moisturising serum without it (Draelos 2021); lines "
        f"better in {active.value:g} % of subjects against none with a placebo cream whose replicas did not change "
        "either (Wang 2013), which hydration by the vehicle does not explain and this model does not either."
    )


def _given_words(given: Given, library: Library) -> str:
    """What, when, where and how much."""
    offer = offers()[given.name]
    until = "" if not offer.daily else " to the end" if given.until is None else f" to {given.until:g}"
    when = f"{'from' if offer.daily else 'on'} day {given.day:g}{until}"
    where = "" if given.regions is None else f", {'; '.join(region_name((one,)) for one in given.regions).lower()}"
    told = "; ".join(f"{change_words(one)}, {_times(one)}" for one in changes_of(offer, library))
    if given.name == ANAESTHETIC:
        told = f"{given.volume:g} mL more in each injection of that day"
    return f"{offer.title[0].upper()}{offer.title[1:]}, {when}{where}: {told}. {offer.words}"


def _times(change: Change) -> str:
    """Onset, length and fading, with a word where they are assumed; onset and fading are time constants."""
    parts = ((change.onset, "onset"), (change.lasts, "lasts"), (change.fade, "fading"))
    told = [f"{words} {one.value:g} d{' [assumed]' if one.grade == 'assumed' else ''}" for one, words in parts]
    return ", ".join(text for text, (one, _) in zip(told, parts, strict=True) if one.value > 0)


def offer_document(library: Library) -> dict[str, Any]:
    """All offers, their changes with evidence, those refused, and what the peptide could do, as plain data."""
    # Release and safety factor are those of the terminal, whatever the product.
    found = peptide_forecast(default_parameters(product("ona")))
    known = offers().values()
    return {
        "offers": [_plain(one, library) for one in known if not one.refused],
        "refused": [{"name": one.name, "title": one.title, "why": one.refused} for one in known if one.refused],
        "peptide": {**found._asdict(), "words": peptide_words(found, library)},
        "evidence_hash": library.hash,
    }


def _plain(offer: Offer, library: Library) -> dict[str, Any]:
    changes = [
        {"parameter": one.parameter, "assumed": one.assumed, **{part: _entry(getattr(one, part)) for part in _PARTS}}
        for one in changes_of(offer, library)
    ]
    return {"name": offer.name, "title": offer.title, "daily": offer.daily, "changes": changes, "words": offer.words}


_PARTS = ("size", "onset", "lasts", "fade")


def _entry(entry: Quantity) -> dict[str, object]:
    kept = ("name", "value", "unit", "low", "high", "grade", "confidence", "source", "where", "system")
    return {key: value for key, value in asdict(entry).items() if key in kept}


def _percent(share: float) -> str:
    """A share in percent, with its sign."""
    return f"{100 * share:+.3g}".replace("-", "−").replace("+0", "0")
