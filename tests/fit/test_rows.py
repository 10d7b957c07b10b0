"""Tables of trials: what is read, and every fault at once."""

from __future__ import annotations

import pytest

from endplate.errors import TableError
from endplate.fit import Question, ask, calibration_rows, parse_rows, read_rows

COLUMNS = ("trial_id", "indication", "product", "dose_u", "dose_u_lo", "dose_u_hi", "n", "n_total", "endpoint")
HEAD = ",".join((*COLUMNS, "time_days", "value", "value_type", "value_days"))


def table(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


def test_packaged_rows_may_all_be_fitted():
    rows = calibration_rows()
    assert len(rows) == 252
    assert {row.use for row in rows} == {"calib"}
    assert all(row.line > 1 for row in rows)


def test_dose_is_the_middle_of_a_range_and_nothing_for_placebo():
    text = table("X,glabellar_lines,abo,,50,80,,,inv_ge1,30,,,", "X,glabellar_lines,placebo,,,,,,inv_ge1,30,,,")
    first, second = parse_rows(text, name="x.csv")
    assert first.dose == 65
    assert second.dose == 0


def test_size_is_half_of_the_trial_where_the_arm_is_unknown():
    rows = parse_rows(table("X,glabellar_lines,ona,20,,,,300,inv_ge1,30,80,,"), name="x.csv")
    assert rows[0].size == 150


@pytest.mark.parametrize(
    ("cells", "year"),
    [
        ("X,A 2019;45:1381 and B 2021,", 2019),
        ("X,A 2019;45:1381,2011", 2011),
        ("Beer2011_onset,a label,", 2011),
        ("NCT02677298,registry,", None),
    ],
)
def test_the_year_is_that_of_the_column_or_of_the_source(cells, year):
    head = "trial_id,source,year,indication,product,dose_u,endpoint,time_days"
    (row,) = parse_rows(f"{head}\n{cells},glabellar_lines,ona,20,inv_ge1,30\n", name="x.csv")
    assert row.year == year
    assert row.decades == (0 if year is None else pytest.approx((year - 2020) / 10))


@pytest.mark.parametrize(("year", "decades"), [(1985, -1.8), (2040, 0.5)])
def test_drift_is_not_carried_beyond_the_years_it_was_fitted_to(year, decades):
    head = "trial_id,year,indication,product,dose_u,endpoint,time_days"
    (row,) = parse_rows(f"{head}\nX,{year},glabellar_lines,ona,20,inv_ge1,30\n", name="x.csv")
    assert row.decades == pytest.approx(decades)
    fitted = [one.year for one in calibration_rows() if one.year is not None and isinstance(ask(one), Question)]
    assert (min(fitted), max(fitted)) == (2002, 2025)


@pytest.mark.parametrize("cell", ["abc", "1850", "2150", "inf"])
def test_a_year_that_cannot_be_is_a_fault(cell):
    head = "trial_id,year,indication,product,dose_u,endpoint,time_days"
    with pytest.raises(TableError) as error:
        parse_rows(f"{head}\nX,{cell},glabellar_lines,ona,20,inv_ge1,30\n", name="x.csv")
    assert [(one.line, one.key) for one in error.value.faults] == [(2, "year")]


def test_packaged_trials_of_lines_have_a_year():
    lines = [row for row in calibration_rows() if isinstance(ask(row), Question) and row.product != "treni"]
    assert lines
    assert all(row.year is not None for row in lines), {row.trial for row in lines if row.year is None}


def test_times_to_an_event_are_days_whatever_unit_the_value_has():
    text = table("X,glabellar_lines,daxi,40,,,201,,median_loss_none_mild,,24,time_to_event,168")
    assert parse_rows(text, name="x.csv")[0].value == 168


def test_cells_with_line_breaks_and_a_byte_order_mark_are_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(("\ufeff" + table('"X\nY",glabellar_lines,ona,20,,,,,inv_ge1,30,,,')).encode())
    assert read_rows(path)[0].trial == "X\nY"


def test_all_faults_are_told_at_once():
    text = table("X,glabellar_lines,ona,much,,,-3,,inv_ge1,30,,,", ",glabellar_lines,ona,20,,,,,inv_ge1,inf,,,")
    with pytest.raises(TableError) as error:
        parse_rows(text, name="x.csv")
    found = {(fault.line, fault.key) for fault in error.value.faults}
    assert found == {(2, "dose_u"), (2, "n"), (3, "trial_id"), (3, "time_days")}
    assert all(fault.remedy for fault in error.value.faults)


def test_missing_columns_are_named_with_the_nearest_one():
    with pytest.raises(TableError) as error:
        parse_rows("trial,indication,product,dose,endpoint,time_days\n", name="x.csv")
    assert {fault.key for fault in error.value.faults} == {"trial_id", "dose_u"}


@pytest.mark.parametrize("text", ["", HEAD + "\n", "\n\n"])
def test_a_table_without_rows_is_a_fault(text):
    with pytest.raises(TableError):
        parse_rows(text, name="x.csv")


def test_what_is_no_text_is_a_fault(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(TableError, match="UTF-8"):
        read_rows(path)
    with pytest.raises(TableError, match="cannot be read"):
        read_rows(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "row",
    [
        'X,glabellar_lines,ona,20,,,,,"inv_ge1,30,80,,',
        "X,glabellar_lines,ona,20,,,0,,inv_ge1,30,80,,",
        "X,glabellar_lines,ona,1e308,,,,,inv_ge1,30,80,,",
        "X,glabellar_lines,ona,20,,,,,inv_ge1,1e12,80,,",
        "X,glabellar_lines,ona,20,,,,,inv_ge1,30,1e308,,",
        "X,glabellar_lines,ona,20,,,5,5,5,inv_ge1,30,80,,",
        "X,glabellar_lines,ona,20",
    ],
    ids=["quote", "no patients", "dose", "day", "value", "too many cells", "too few cells"],
)
def test_what_cannot_be_is_a_fault(row):
    with pytest.raises(TableError) as error:
        parse_rows(table("A,glabellar_lines,ona,20,,,,,inv_ge1,30,,,", row), name="x.csv")
    assert all(fault.line for fault in error.value.faults)


def test_a_column_twice_is_a_fault():
    with pytest.raises(TableError, match="twice"):
        parse_rows(HEAD + ",n\n", name="x.csv")


def test_weeks_become_days_and_other_kinds_of_value_are_not_compared():
    head = "trial_id,indication,product,dose_u,endpoint,time_days,value,value_type,unit"
    text = "X,glabellar_lines,ona,20,median_loss_none_mild,,24,time_to_event,weeks"
    assert parse_rows(f"{head}\n{text}\n", name="x.csv")[0].value == 168
    other = "X,glabellar_lines,ona,20,inv_ge1,30,24,difference_vs_placebo,percent"
    assert parse_rows(f"{head}\n{other}\n", name="x.csv")[0].value is None


def test_arms_have_the_share_of_the_trial_that_is_told():
    head = "trial_id,indication,product,dose_u,n_total,n_text,endpoint,time_days"
    rows = (f"X,glabellar_lines,{one},20,708,3:1 randomised total,inv_ge1,30" for one in ("leti", "placebo"))
    assert [row.size for row in parse_rows("\n".join((head, *rows)), name="x.csv")] == [531, 177]
