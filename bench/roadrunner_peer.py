"""libRoadRunner on the same equations, with SBML events or with a dose loop of our own."""

from __future__ import annotations

import antimony
import numpy as np
import roadrunner
from equations import DAYS, SCALE
from numpy.typing import NDArray
from scipy.special import ndtr
from workload import DOSES, LAST, Units

Array = NDArray[np.float64]
_NEVER = 1e9
NAMES = (
    "clearance_rate",
    "uptake_rate",
    "internalisation_rate",
    "translocation_rate",
    "sprout_weight",
    "sprout_growth_rate",
    "sprout_retraction_rate",
    "atrophy_limit",
    "atrophy_time",
    "recovery_time",
)


def model(*, events: bool) -> str:
    """Antimony text. SBML has no normal distribution function, so the parent transmission P is a state by its slope."""
    nodes = range(len(SCALE))
    term = "w{k}*exp(-0.5*(margin+steep*ln(S{k}))^2)*(1/S{k}-1-{scale:.17g}*L)"
    lines = [
        "model treated",
        *(f"{name}=1;" for name in (*NAMES, "turnover", "loss", "margin", "steep", "gain")),
        *(f"w{k}=0;" for k in nodes),
        *(f"D{i}=0; C{i}={_NEVER};" for i in range(DOSES)),
        "F=0; B=0; E=0; L=0; X=0; M=1; P=1;",
        *(f"S{k}=1;" for k in nodes),
        "F'=-(clearance_rate+uptake_rate)*F; B'=uptake_rate*F-internalisation_rate*B;",
        "E'=internalisation_rate*B-translocation_rate*E; L'=translocation_rate*E-loss*L;",
        *(f"S{k}'=turnover*(1-S{k}*(1+{SCALE[k]:.17g}*L));" for k in nodes),
        "P'=gain*(" + "+".join(term.format(k=k, scale=SCALE[k]) for k in nodes) + ");",
        "X'=sprout_growth_rate*(1-P)*(1-X)-sprout_retraction_rate*P*X;",
        "T:=P+(1-P)*sprout_weight*X;",
        "M'=(1-atrophy_limit*(1-T)-M)*((1-T)/atrophy_time+T/recovery_time);",
        "force:=T*M;",
        *(f"at (time>=C{i}): F=F+D{i};" for i in range(DOSES) if events),
        "end",
    ]
    return "\n".join(lines)


class RoadRunner:
    """One compiled model; call it with a batch and an index."""

    def __init__(self, *, events: bool, rtol: float, atol: float) -> None:
        antimony.clearPreviousLoads()
        if antimony.loadAntimonyString(model(events=events)) < 0:
            raise RuntimeError(antimony.getLastError())
        self.events = events
        self.runner = roadrunner.RoadRunner(antimony.getSBMLString("treated"))
        self.runner.timeCourseSelections = ["time", "force"]
        integrator = self.runner.integrator
        integrator.relative_tolerance, integrator.absolute_tolerance = rtol, atol
        integrator.maximum_num_steps = 100_000
        known = self.runner.model.getGlobalParameterIds()
        doses = [f"{kind}{i}" for kind in "DC" for i in range(DOSES)]
        wanted = [*NAMES, "turnover", "loss", "margin", "steep", "gain", *(f"w{k}" for k in range(len(SCALE))), *doses]
        self.index = [known.index(name) for name in wanted]

    def prepare(self, units: Units) -> list[tuple[Array, Array, Array]]:
        """Parameter vectors, doses and days of every unit, made outside the clock."""
        columns = (units.weights, units.share, units.days)
        return [self._vector(units.one(i), *(column[:, i] for column in columns)) for i in range(units.count)]

    def _vector(self, q: dict[str, float], weights: Array, share: Array, days: Array) -> tuple[Array, Array, Array]:
        margin, spread = np.log(q["safety_factor"]), q["safety_factor_spread"]
        turnover = np.log(2) / q["snare_half_life"]
        gain = turnover * q["release_exponent"] / spread / np.sqrt(2 * np.pi) / ndtr(margin / spread)
        doses = share * (q["clearance_rate"] + q["uptake_rate"]) / q["uptake_rate"]
        loss, steep = np.log(2) / q["light_chain_half_life"], q["release_exponent"] / spread
        rates = [turnover, loss, margin / spread, steep, gain]
        when = np.where(share > 0, days, _NEVER)
        values = np.concatenate([[q[name] for name in NAMES], rates, weights, doses, when])
        return values, doses[share > 0], days[share > 0]

    def __call__(self, prepared: tuple[Array, Array, Array]) -> Array:
        """Daily force of one unit."""
        values, doses, days = prepared
        self.runner.reset()
        self.runner.model.setGlobalParameterValues(self.index, values)
        if self.events:
            return np.array(self.runner.simulate(0, LAST, LAST + 1))[:, 1]
        return self._by_segments(doses, days)

    def _by_segments(self, doses: Array, days: Array) -> Array:
        out, now = np.ones(len(DAYS)), 0.0
        for day, dose in [*zip(days, doses, strict=True), (float(LAST), 0.0)]:
            if day > now:
                times = np.unique(np.concatenate([[now], DAYS[(now < DAYS) & (day >= DAYS)], [day]]))
                done = np.array(self.runner.simulate(times=times.tolist()))
                whole = np.isin(done[:, 0], DAYS)
                out[done[whole, 0].astype(int)] = done[whole, 1]
            self.runner["F"] = self.runner["F"] + dose
            now = day
        return out
