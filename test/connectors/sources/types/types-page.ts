import { duckdbType } from '../../../../connectors/engines/duckdb/raw-types.ts';
import { postgresType } from '../../../../connectors/engines/postgres/raw-types.ts';
import type { RawType } from '../../../../connectors/sources/source.ts';
import { mariadbTypes } from './mariadb-types.ts';
import { postgresTypes } from './postgres-types.ts';
import type { TypeCase, TypeGroup } from './type-case.ts';

/** The text of docs/types.md, from the cases that the tests carry through every engine. */
export function typesPage(): string {
  const parts = [
    introduction,
    '## From PostgreSQL',
    ...postgresTypes.map(section),
    '## From MySQL and MariaDB',
    ...mariadbTypes.map(section),
    names,
  ];
  return `${parts.join('\n\n')}\n`;
}

function section({ title, cases }: TypeGroup): string {
  const head = ['source type', 'raw type', 'DuckDB', 'PostgreSQL', 'for example', 'how it travels'];
  const lines = [head, head.map(() => '---'), ...cases.map(cells)];
  return `### ${title}\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}`;
}

function cells({ type, raw, values, landed, warning, note }: TypeCase): string[] {
  const at = values.findIndex((value) => value !== 'null');
  const example = `${code(values[at] ?? '')} → ${code(String(landed[at] ?? ''))}`;
  const said = warning === undefined ? '' : `warns: "${warning}"`;
  const how = [note ?? '', said].filter((text) => text !== '').join('; ');
  return [
    code(type),
    code(nameOf(raw)),
    code(duckdbType(raw)),
    code(postgresType(raw)),
    example,
    how || 'as it is',
  ];
}

function nameOf(raw: RawType): string {
  return typeof raw === 'object' ? `decimal(${raw.precision},${raw.scale})` : raw;
}

/** Of a long value the beginning; what cannot be seen is written as its code. */
function code(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 37)}…` : text;
  const visible = short.replace(/[\uFDD0\uFDD1\uFFFE]/g, (character) => {
    return `<U+${character.charCodeAt(0).toString(16).toUpperCase()}>`;
  });
  const oneLine = visible.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('|', '\\|');
  if (oneLine === '') return 'the empty text';
  return oneLine.includes('`') ? `\`\` ${oneLine} \`\`` : `\`${oneLine}\``;
}

const introduction = `# Types

What becomes of each type of a source in schema \`raw\`: the raw type, and the types that hold it on the two engines.
Nothing is rounded, nothing becomes NULL in silence, and no value ends a night: what a raw type cannot hold travels as
text in the source's own notation, the column says so by a warning in \`check\`, \`preview\` and the run, and a row whose
mapped column or key is no value of the entity's type goes to the quarantine with its key and that text.

Two characters that are none stand for what cannot be said in text: U+FDD0 for a NUL, which PostgreSQL does not hold, and
U+FDD1 for what is no character of UTF-8: half of a surrogate pair, or, with the bytes in hexadecimal behind it, a code that
its character set does not know. In a PostgreSQL database of encoding SQL_ASCII every text is looked at so. In one of another
encoding a byte that stands for nothing in it (0x81 in WIN1252) fails the run with the words of the server.

Every line is a test on PostgreSQL and MariaDB with both engines; this page is made from those tests. MySQL differs from
MariaDB by documentation only: it has no \`uuid\`, \`inet4\` and \`inet6\`.`;

const names = `## Tables and names

| what | what happens |
|---|---|
| names of any characters, also \`order\`, \`Straße\`, \`a"b\`, \`per cent %\`, a backtick, a dot, a question mark | quoted as they stand |
| two columns whose names differ in case only | refused by \`check\` and by the run (WC-SOURCE-008): give one another name in a \`query:\` |
| a table without columns | refused (WC-SOURCE-008) |
| views, materialized views, partitioned tables, inheritance, foreign tables | read like tables; a parent with its children |
| generated and identity columns | read like others; a column that is INVISIBLE in MariaDB is read only by a \`query:\` that names it |
| row-level security | \`check\` says so: the rows that the login may not see are not read |
| 1,600 columns, no primary key, no rows | read |`;
