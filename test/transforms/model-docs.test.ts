import { describe, expect, it } from '@jest/globals';
import { tablesPage } from '../../transforms/model-docs.ts';
import { modelHeader } from '../../transforms/model-header.ts';
import type { Step } from '../../transforms/step.ts';

const step = (table: string, header: Record<string, unknown>): Step => ({
  table: { schema: 'value', table },
  needs: [],
  header: modelHeader.parse({
    comment: 'What it is for.',
    grain: 'one customer',
    key: 'id',
    columns: { id: 'Its id' },
    ...header,
  }),
  build: async () => 0,
});

describe('the page of the warehouse tables', () => {
  it('describes every published table by its header, and no other', () => {
    const page = tablesPage([
      step('scores', {
        publish: 'customer_scores',
        tests: [{ not_null: 'score' }, { expression: 'score >= 0', severity: 'warn' }],
        columns: { id: 'The customer', score: 'Points,\n  0 | 100' },
      }),
      step('parts', {}),
    ]);
    expect(page).toContain('| [customer_scores](#customer_scores) | one customer |');
    expect(page).toContain(`## customer_scores

What it is for.

One row is one customer. Key: \`id\`. Made by \`value.scores\`.

| column | meaning |
|---|---|
| \`id\` | The customer |
| \`score\` | Points, 0 \\| 100 |

Tested on each run:

- \`score\` never null
- \`score >= 0\` (a warning)
`);
    expect(page).not.toContain('parts');
  });

  it('takes up tables that no model makes', () => {
    const { header } = step('runs', {});
    expect(tablesPage([], [{ name: 'runs', header, from: 'whalecurve.runs' }])).toContain('## runs');
  });
});
