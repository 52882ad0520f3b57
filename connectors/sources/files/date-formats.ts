/** How the dates of a column are written, all of them alike. */
export interface DateShape {
  /** null: every day and month is below 13, so `01/02/2024` could be either. */
  order: 'day first' | 'month first' | 'year first' | null;
  separator: string;
  /** strftime pattern of what follows day and month: `%Y %H:%M`. */
  rest: string;
}

const datePattern =
  /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:([ T])(\d{1,2}):(\d{2})(:(\d{2})([.,]\d+)?)?( ?[AaPp][Mm])?)?$/;
const yearFirst = /^\d{4}([/.])(\d{1,2})\1(\d{1,2})(?:([ T])\d{1,2}:\d{2}(:\d{2})?)?$/;

/** strftime pattern. */
export function dateFormat({ separator, rest }: DateShape, order: NonNullable<DateShape['order']>): string {
  const [first, second] = order === 'day first' ? ['%d', '%m'] : ['%m', '%d'];
  if (order === 'year first') return `%Y${separator}%m${separator}%d${rest}`;
  return `${first}${separator}${second}${separator}${rest}`;
}

/** The order that a strftime pattern has; null for one without day and month as numbers. */
export function orderOf(pattern: string): DateShape['order'] {
  const [year, month, day] = ['%Y', '%m', '%d'].map((part) => pattern.indexOf(part));
  if (month === undefined || day === undefined || month < 0 || day < 0) return null;
  if (year !== undefined && year >= 0 && year < Math.min(month, day)) return 'year first';
  return day < month ? 'day first' : 'month first';
}

/** One shape for the whole column, or none, since a pattern cannot be optional. */
export function dateShapeOf(values: readonly string[]): DateShape | null {
  let dayFirst = 0;
  let monthFirst = 0;
  const shapes = new Map<string, DateShape>();
  for (const text of values) {
    const slashed = yearFirst.exec(text);
    const match = slashed ? null : datePattern.exec(text);
    if (!slashed && !match) return null;
    if (Number(match?.[1]) > 12) dayFirst += 1;
    if (Number(match?.[3]) > 12) monthFirst += 1;
    const shape = slashed ? yearFirstShape(slashed) : shapeOf(match as RegExpExecArray);
    shapes.set(JSON.stringify(shape), shape);
  }
  const [shape] = shapes.values();
  if (shape === undefined || shapes.size > 1) return null;
  if (shape.order !== null) return shape;
  if (dayFirst > 0 && monthFirst > 0) return null;
  if (monthFirst > 0) return { ...shape, order: 'month first' };
  // Dots are written in countries that put the day first; slashes and hyphens in both.
  return { ...shape, order: dayFirst > 0 || shape.separator === '.' ? 'day first' : null };
}

function yearFirstShape([, separator = '/', , , between, seconds]: RegExpExecArray): DateShape {
  const time = between === undefined ? '' : `${between}%H:%M${seconds === undefined ? '' : ':%S'}`;
  return { order: 'year first', separator, rest: time };
}

/** Separator, year and time: what must be the same in all values. */
function shapeOf(match: RegExpExecArray): DateShape {
  const [, , separator = '/', , year = '', between, , , seconds, , fraction, half] = match;
  let rest = year.length === 4 ? '%Y' : '%y';
  if (between !== undefined) {
    rest += `${between}${half ? '%I' : '%H'}:%M`;
    if (seconds !== undefined) rest += `:%S${fraction ? `${fraction.charAt(0)}%f` : ''}`;
    if (half) rest += half.startsWith(' ') ? ' %p' : '%p';
  }
  return { order: null, separator, rest };
}
