// All curves of a course as comma-separated values, with units in the head and the disclaimer on top.
import type { CourseDocument } from '../api/types';

export const WORDS = 'Illustration, not a prediction of a person. Research and education software, not a medical device.';

interface Column {
  name: string;
  values: readonly number[];
}

function columns(course: CourseDocument): Column[] {
  const found: Column[] = [{ name: 'day [d]', values: course.days }];
  for (const [name, one] of Object.entries(course.muscles)) {
    found.push({ name: `force ${name} [1]`, values: one.force }, { name: `transmission ${name} [1]`, values: one.transmission });
    const band = course.bands?.muscles[name];
    if (band) found.push({ name: `force ${name} low [1]`, values: band.low }, { name: `force ${name} high [1]`, values: band.high });
  }
  for (const [region, one] of Object.entries(course.regions)) {
    found.push(
      { name: `strain ${region} [1]`, values: one.strain },
      { name: `depth in effort ${region} [mm]`, values: one.depth_effort },
      { name: `depth at rest ${region} [mm]`, values: one.depth_rest },
    );
    for (const [effort, raters] of Object.entries(one.grade_probability)) {
      for (const [rater, rows] of Object.entries(raters)) {
        const grades = rows[0]?.length ?? 0;
        for (let grade = 0; grade < grades; grade++) {
          const values = rows.map((row) => row[grade] ?? 0);
          found.push({ name: `probability of grade ${grade} ${region} ${effort} ${rater} [1]`, values });
        }
      }
    }
  }
  for (const side of ['left', 'right'] as const) {
    found.push({ name: `upper lid ${side} MRD1 [mm]`, values: course.lid[side] });
    for (const [column, values] of Object.entries(course.brow[side])) {
      found.push({ name: `brow ${side} ${column} change [mm]`, values });
    }
  }
  return found;
}

/** A cell for spreadsheets: quoted where needed, and never read as a formula. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Text that no spreadsheet splits: what follows a separator could be read as a formula. */
function oneCell(text: string): string {
  return text.replace(/[\s,;"]+/g, ' ');
}

export function csv(course: CourseDocument): string {
  const all = columns(course);
  const preface = [`# ${WORDS}`, `# ${oneCell(course.title)}`, `# product ${course.product}; evidence library ${course.evidence_hash}`];
  const head = all.map((one) => cell(one.name)).join(',');
  const rows = course.days.map((_, index) => all.map((one) => String(one.values[index] ?? '')).join(','));
  return [...preface, head, ...rows, ''].join('\n');
}
