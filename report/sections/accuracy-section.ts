import type { Evaluation, ThresholdQuality } from '../../transforms/identity/measure/evaluate.ts';
import { precisionRecall } from '../charts/precision-recall.ts';
import { chartFigure } from '../page/chart-figure.ts';
import type { Figures } from '../page/figures.ts';
import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';

/** How right the customers are, counted against a truth. */
export function accuracySection({ accounts, pairs, pairwise, thresholds }: Evaluation): ReadSection {
  return async (_warehouse, figures) => {
    const { percent, count, number } = figures;
    return {
      id: 'accuracy',
      title: 'How right that is',
      meaning: `Counted against a truth of ${count(accounts.known)} accounts: precision says how many of the pairs put together belong together, recall how many of those that do were found.`,
      body: html`<p>Precision <strong>${percent(pairwise.precision)}</strong>, recall <strong>${percent(pairwise.recall)}</strong>, F1 <strong>${percent(pairwise.f1)}</strong>: ${count(pairs.right)} pairs right of ${count(pairs.found)} found and ${count(pairs.true)} true ones.</p>
${await curve(thresholds, figures)}
${table('What another cut would give', thresholds, [
  { title: 'Cut, in bits', cell: ({ bits, isPresent }) => `${number(bits)}${isPresent ? ' (present)' : ''}` },
  { title: 'Probability', isNumber: true, cell: ({ probability }) => number(probability) },
  { title: 'Precision', isNumber: true, cell: ({ pairwise: { precision } }) => percent(precision) },
  { title: 'Recall', isNumber: true, cell: ({ pairwise: { recall } }) => percent(recall) },
  { title: 'F1', isNumber: true, cell: ({ pairwise: { f1 } }) => percent(f1) },
  { title: 'Customers', isNumber: true, cell: ({ customers }) => count(customers) },
  { title: 'Largest', isNumber: true, cell: ({ largest }) => count(largest) },
])}`,
      advice:
        'Keep precision first: a wrong merge shows one person to another, a missed one only splits what a customer is worth.',
    };
  };
}

async function curve(thresholds: readonly ThresholdQuality[], { percent, number }: Figures) {
  const points = thresholds.flatMap(({ bits, isPresent, pairwise: { precision, recall } }) =>
    precision === null || recall === null
      ? []
      : [{ precision, recall, isPresent, label: `cut at ${number(bits)} bits` }],
  );
  if (points.length < 2) return null;
  const description = points
    .map(
      ({ label, precision, recall }) =>
        `${label}: precision ${percent(precision)}, recall ${percent(recall)}`,
    )
    .join('; ');
  return chartFigure(
    { id: 'accuracy-chart', title: 'Precision and recall by the cut', description },
    precisionRecall(points),
  );
}
