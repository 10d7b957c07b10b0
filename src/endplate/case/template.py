"""A commented case file to start from."""

from __future__ import annotations

from endplate.case.anatomy import anatomy
from endplate.case.site import Pattern

__all__ = ["write_template"]

_TEMPLATE = """\
# A case for endplate: who is treated, with what, where and when. Research and education software, not a medical device.
# Check it with `endplate case check`, run it with `endplate simulate`. All keys: `endplate case schema`.
# A quantity is a plain number (days, mm, mL, units, years) or text with a unit: "12 weeks", "0.1 mL", "4 U".

title = "{title}"

[patient]
age = 45                      # years
sex = "female"                # or "male"
muscle_mass = 1.0             # relative to an adult woman's, for men too: sex alone changes no muscle
antibody_free_fraction = 1.0  # share of the toxin that antibodies leave free; 1 without antibodies
# menopause = 51              # age at menopause; the usual one if left out
# weight = "62 kg"            # for the safety check of a child's doses; no curve follows it

# For the safety check (`endplate check`); no curve follows it. An empty list says that there is none, a key left out
# that nobody asked. Names: `endplate case schema`, or misspell one.
# [patient.health]
# conditions = []             # such as "myasthenia_gravis", "dysphagia", "dry_eye", "infection_at_site"
# medicines = []              # such as "aminoglycoside", "anticoagulant", "muscle_relaxant"
# allergies = []              # such as "botulinum_toxin", "human_albumin", "cows_milk_protein"
# pregnant = false
# breastfeeding = false
# surgery = []                # such as "eyelid", "face"
# skin = []                   # such as "thick_sebaceous", "deep_static_lines"
# expectations = []           # such as "permanent", "same_day"
#
# [[patient.health.treatments]]   # earlier treatments with botulinum toxin, in units of their own product
# product = "{product}"
# dose = "{total:g} U"
# ago = "20 weeks"

[patient.skin]
fitzpatrick = 2               # skin type 1 to 6: recorded, and the skin of pictures; no curve follows it
thickness = 1.0               # relative to the typical dermis at this age
moisture = 1.0                # water of the horny layer: 1 as usual, 0 very dry, 2 soaked
proneness = 1.0               # how easily folding engraves lines, relative to typical skin

[patient.habits]              # relative to a typical person
frowning = 1.0
brow_raising = 1.0
squinting = 1.0
sun = 1.0
smoking = 0.0                 # pack-years

# Grades before treatment, 0 none to 3 severe. Leave out what was not graded: the model then uses its own.
# Regions: glabella, forehead, perioral, chin; with _left or _right: lateral_canthus, bunny, marionette, platysma.
# [patient.baseline.glabella]
# maximum = 3
# rest = 1

[plan]
product = "{product}"               # its units are never mixed with another product's

# [plan.vial]                 # for the safety check; no curve follows it
# units = "100 U"             # in one vial
# volume = "2.5 mL"           # fluid in it when it is ready

# {words}
# Repeat the block below for a further session, e.g. at = "12 weeks".
[[plan.session]]
at = "0 days"
pattern = "{name}"

# The same written out; to use and change it, delete the line `pattern` above. `depth` is the length of needle under
# the skin and may be left out at a named site. Instead of a site: at_mm = [x, y] with a depth, or at_mm = [x, y, z] of
# the needle tip (mm; x to the subject's left, y up, z forward, from the midline between the medial canthi).
#
{shots}
[simulation]
days = "365 days"
seed = 0                      # of draws of virtual patients; a single course draws nothing

# [antitoxin]                 # clears free toxin, and only that, from this time to the end of the simulation
# at = "2 days"               # before that end

# [override]                  # rules of the safety check that are overridden, each with its reason; see the manifest
# region_dose = "the reason"
"""
_SHOT = """\
# [[plan.session.injection]]
# site = "{site}"
# depth = "{depth:g} mm"        # {why}
# dose = "{dose:g} U"
# volume = "{volume:g} mL"
#
"""


def write_template(pattern: str) -> str:
    """A commented, valid case file that uses the pattern.

    Raises
    ------
    InvalidRequest
        If there is no such pattern; the message names the nearest.

    Examples
    --------
    >>> 'product = "daxi"' in write_template("glabella-daxi-40u")
    True
    """
    found = anatomy().pattern(pattern)
    shots = "".join(_written(found)).removesuffix("#\n")
    words = f"{found.title} ({found.status}; {found.source})" + (f": {found.note}" if found.note else "")
    told = {"title": found.title, "product": found.product, "total": found.total_dose}
    return _TEMPLATE.format(**told, words=words, name=pattern, shots=shots)


def _written(pattern: Pattern) -> list[str]:
    pairs = [(shot, anatomy().sites[shot.site]) for shot in pattern.shots]
    return [
        _SHOT.format(site=site.name, depth=site.depth, why=site.why, dose=shot.dose, volume=shot.volume)
        for shot, site in pairs
    ]
