"""A commented years file to start from."""

from __future__ import annotations

from endplate.case.anatomy import anatomy

__all__ = ["years_template"]

_TEMPLATE = """\
# Years for endplate: one session, given again and again through a life, beside the same life without it.
# Research and education software, not a medical device. Run it with `endplate years`. Patient and plan are written
# as in a case file; a quantity is a plain number (days, years) or text with a unit: "12 weeks".

title = "{title}, every 16 weeks from 35 on"

[patient]
age = 30                      # years, where the life begins
sex = "female"                # or "male"
# menopause = 51              # age at menopause; the usual one if left out

[patient.skin]
thickness = 1.0               # relative to the typical dermis at this age
proneness = 1.0               # how easily folding engraves lines, relative to typical skin
moisture = 1.0                # water of the horny layer: 1 as usual, 0 very dry, 2 soaked

[patient.habits]              # relative to a typical person
frowning = 1.0                # under stress
brow_raising = 1.0
squinting = 1.0               # in glare
sun = 1.0
smoking = 0.0                 # pack-years so far; they go on as before

[plan]
product = "{product}"
[[plan.session]]
at = 0                        # one session; when it is given again is told below
pattern = "{pattern}"

[years]
until = 70                    # age at the end
start = 35                    # age at the first session
# stop = 60                   # age from which on none is given
every = "16 weeks"            # between two sessions; with a grade, between two looks
# grade = 2                   # by rule: where lines at maximum effort are back at this grade
# region = "glabella"         # whose lines
# least = "12 weeks"          # between two sessions, with a grade
# pauses = [[45, 46]]         # ages between which none is given
# regions = ["glabella"]      # whose lines are followed; those that the session treats if left out
antibodies = true             # may end the response, at an age that the seed draws
seed = 0

# [[years.change]]            # what is different from an age on
# age = 50
# dose = 1.25                 # over the session as written
# squinting = 0.5             # sunglasses; also frowning, brow_raising

# [override]                  # rules of the safety check that are overridden, each with its reason
# interval = "the reason"
"""


def years_template(pattern: str) -> str:
    """A commented, valid years file that uses the pattern.

    Raises
    ------
    InvalidRequest
        If there is no such pattern; the message names the nearest.

    Examples
    --------
    >>> "[years]" in years_template("glabella-20u")
    True
    """
    found = anatomy().pattern(pattern)
    return _TEMPLATE.format(title=found.title, product=found.product, pattern=pattern)
