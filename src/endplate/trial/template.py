"""Commented trial files to start from."""

from __future__ import annotations

from endplate.case.anatomy import anatomy
from endplate.case.nearest import nearest
from endplate.errors import InvalidRequest

__all__ = ["LIKE", "trial_template"]

# Name to pattern, region and name of the lines.
LIKE = {
    "glabella": ("glabella-20u", "glabella", "Frown lines"),
    "forehead": ("forehead-glabella-40u", "forehead", "Forehead lines"),
    "lateral-canthus": ("lateral-canthus-24u", "lateral_canthus_left", "Lateral canthal lines"),
}

_TEMPLATE = """\
# A trial for endplate: arms, who is let in, visits, endpoints. Research and education software, not a medical device.
# Check it with `endplate trial check`, run it with `endplate trial run`. All keys: `endplate trial schema`.
# Units of different products are not interchangeable.

title = "{title}: {dose:g} U of {product} against placebo"
region = "{region}"           # lines that are rated
seed = 0                      # of the virtual patients
patients = 4096               # virtual patients behind the expected rates; not the size of the trial

# The first endpoint is the primary one. Known: `endplate trial endpoints`.
endpoints = [
    "composite_ge2",
    "inv_none_mild",
    "subj_none_mild",
    "subj_ge1",
    "subj_mod_improve",
    "median_loss_none_mild",
    "onset_cum_subject",
]

[[arm]]
name = "{dose:g} U"
pattern = "{pattern}"         # `endplate case patterns` lists them
size = 200
# dose = {dose:g}             # units in all, shared out as in the pattern
# volume = "0.1 mL"           # at each site
# at = [0, "16 weeks"]        # further treatments with the same dose

[[arm]]
name = "placebo"
placebo = true
size = 100

[inclusion]
grade = 2                     # least grade at maximum effort: 2 moderate, 3 severe
raters = ["investigator", "subject"]

[visits]
days = [7, 30, 60, 90, 120]
response = 30                 # the visit that tells responders
diary = 14                    # days of the diary of onset
dropout = 0.05                # share of patients who have left by the last visit

# Patients treated again, in one drawn trial beside the expected rates.
# [retreatment]
# grade = 2                   # where the investigator gives this grade or more; or baseline = true; or neither
# every = "4 weeks"           # time from check to check
# least = "12 weeks"          # least time between two treatments; with neither rule, the fixed interval
# until = 365                 # last day
# most = 4                    # treatments of one patient

# What is set here replaces the evidence library's numbers.
# [population]
# severe_share = 0.5          # share of patients with severe lines
# [raters.subject]
# expectation = -0.25         # shift of a subject's grade after any treatment, placebo included
"""


def trial_template(like: str = "glabella") -> str:
    """A commented, valid trial file.

    Raises
    ------
    InvalidRequest
        If there is no such template; the message names the nearest.

    Examples
    --------
    >>> "placebo = true" in trial_template("forehead")
    True
    """
    if like not in LIKE:
        raise InvalidRequest(f"no trial {like!r} to start from; {nearest(like, LIKE)}")
    pattern, region, title = LIKE[like]
    found = anatomy().patterns[pattern]
    fields = {"title": title, "dose": found.total_dose, "product": found.product, "pattern": pattern, "region": region}
    return _TEMPLATE.format(**fields)
