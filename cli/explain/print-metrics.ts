import { stripVTControlCharacters } from 'node:util';
import type { Metric } from '../../report/customer/metrics.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { wrapped } from '../wrapped.ts';
import { figure } from './figures.ts';

/** Name, value and formula of each metric; below, the formula once more with what stands in for its names. */
export function printMetrics(io: CommandIo, metrics: readonly Metric[]): void {
  const { bold, dim } = colorsOf(io);
  const values = metrics.map(({ value }) => shortened(figure(value) ?? '·'));
  const nameWidth = Math.max(...metrics.map(({ metric }) => metric.length), 0);
  const valueWidth = Math.max(...values.map((value) => stripVTControlCharacters(value).length), 0);
  const margin = ' '.repeat(nameWidth + valueWidth + 4);
  for (const [index, metric] of metrics.entries()) {
    const [first = '', ...lines] = wrapped(metric.formula, margin, 120).split('\n');
    const value = (values[index] ?? '').padStart(valueWidth);
    print(io, `${metric.metric.padEnd(nameWidth)}  ${bold(value)}  ${dim(first.trimStart())}`);
    for (const line of [...lines, ...inputLines(metric, margin)]) print(io, dim(line));
  }
}

/** A long text of the warehouse, such as a reason, would push every formula off the screen. */
function shortened(value: string): string {
  return value.length > 28 ? `${value.slice(0, 27)}…` : value;
}

function inputLines({ formula, inputs }: Metric, margin: string): string[] {
  const names = Object.keys(inputs);
  if (names.length === 0) return [];
  const isArithmetic =
    formula
      .replaceAll(/[a-z_]+\w*/g, '')
      .trim()
      .match(/^[\s+\-*/x()]*$/) !== null;
  const areAllKnown = (formula.match(/[a-z]\w*/g) ?? []).every(
    (word) => word === 'x' || names.includes(word),
  );
  const text =
    isArithmetic && areAllKnown
      ? `= ${formula.replaceAll(/[a-z]\w*_\w+/g, (name) => figure(inputs[name]) ?? 'none')}`
      : `with ${names.map((name) => `${name} ${figure(inputs[name]) ?? 'none'}`).join(', ')}`;
  return wrapped(text, margin, 120).split('\n');
}
