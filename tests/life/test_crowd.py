"""Many lives: the same in any number, and around the one life."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.errors import InvalidRequest
from endplate.life import follow_life, follow_lives
from endplate.life.body import pattern_of
from endplate.life.crowd import CHUNK


@pytest.fixture(scope="module")
def asked(life):
    return life(age=30.0, until=45.0, every=84.0, antibodies=True)


@pytest.fixture(scope="module")
def narrow(asked):
    return pattern_of(asked, dtype="float32")


@pytest.fixture(scope="module")
def some(asked, narrow):
    told = []
    lives = follow_lives(asked, CHUNK + 40, pattern=narrow, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(CHUNK, CHUNK + 40), (CHUNK + 40, CHUNK + 40)]
    return lives


def test_bands_hold_the_typical_life(asked, some):
    found = follow_life(asked)
    for name in ("depth_rest", "depth_effort", "severity_effort"):
        for place, twin in enumerate(("untreated", "treated")):
            mean = found.yearly(getattr(getattr(found, name), twin)).mean
            low, middle, high = getattr(some, name)[:, :, place]
            assert (low <= middle).all()
            assert (middle <= high).all()
            assert ((mean > low) & (mean < high)).mean() > 0.95
    assert len(some.age) == 15
    assert some.count == CHUNK + 40


def test_most_lives_get_all_sessions_and_few_lose_the_response(asked, some):
    whole = len(follow_life(asked).sessions)
    assert some.sessions[1] == whole == some.sessions[2]
    assert some.dose[1] == pytest.approx(20.0 * whole)
    assert (np.diff(some.lost) >= 0).all()
    assert 0 < some.lost[-1] < 0.1


def test_a_life_is_the_same_in_any_number(asked, narrow, some):
    again = follow_lives(asked, CHUNK + 40, pattern=narrow)
    np.testing.assert_array_equal(again.depth_rest, some.depth_rest)
    fewer = follow_lives(asked, CHUNK, pattern=narrow)
    assert fewer.lost[-1] * CHUNK <= some.lost[-1] * some.count


def test_another_seed_gives_other_lives(asked, narrow, some):
    other = follow_lives(life_of(asked, 5), CHUNK, pattern=narrow)
    assert (other.depth_rest[0] != some.depth_rest[0]).any()


def life_of(asked, seed):
    return type(asked)(**{name: getattr(asked, name) for name in asked.__dataclass_fields__} | {"seed": seed})


@pytest.mark.parametrize("count", [0, -1, 10**9])
def test_no_lives_or_too_many_are_refused(asked, narrow, count):
    with pytest.raises(InvalidRequest, match="give 1 to"):
        follow_lives(asked, count, pattern=narrow)
