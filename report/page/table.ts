import { type Html, html } from './html.ts';

export interface TableColumn<R> {
  title: string;
  /** Numbers stand right, under each other. */
  isNumber?: boolean;
  cell: (row: R) => string | Html;
}

/** A table that scrolls by itself where the page is narrower; its first column heads the rows. */
export function table<R>(caption: string, rows: readonly R[], columns: readonly TableColumn<R>[]): Html {
  const head = columns.map(({ title, isNumber }) =>
    isNumber ? html`<th scope="col" class="number">${title}</th>` : html`<th scope="col">${title}</th>`,
  );
  const body = rows.map(
    (
      row,
    ) => html`<tr>${columns.map(({ cell, isNumber }, index) => cellOf(cell(row), isNumber === true, index))}</tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}

function cellOf(content: string | Html, isNumber: boolean, index: number): Html {
  if (index === 0) return html`<th scope="row">${content}</th>`;
  return isNumber ? html`<td class="number">${content}</td>` : html`<td>${content}</td>`;
}
