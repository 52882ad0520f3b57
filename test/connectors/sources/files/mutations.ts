import fc from 'fast-check';
import iconv from 'iconv-lite';

/** A file as some program wrote it, which the mutations then spoil. */
export interface Original {
  name: string;
  encoding: string;
  text: string;
  delimiter: string;
}

const streets = [
  'Hauptstraße 5',
  'Łódzka "12"',
  'rue de l’Été, 3',
  '5" pipe; 3',
  "O'Neill Rd",
  'two\nlines',
  ' padded ',
];
const western = [
  'Hauptstraße 5',
  'Größe "XL"',
  'rue de l’Été, 3',
  '5" pipe; 3',
  "O'Neill Rd",
  'two\nlines',
  ' padded ',
];

function rowsOf(words: readonly string[]): string[][] {
  const rows = [['id', 'name', 'street', 'day', 'price']];
  for (let id = 1; id <= 24; id += 1) {
    const word = words[id % words.length] as string;
    rows.push([String(id), id % 5 === 0 ? '' : `Käthe ${id}`, word, `2026-01-${10 + id}`, `${id}.50`]);
  }
  return rows;
}

function written(rows: readonly string[][], delimiter: string, newline: string, quotesAll: boolean): string {
  const field = (text: string) =>
    quotesAll || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(field).join(delimiter) + newline).join('');
}

export const originals: readonly Original[] = [
  {
    name: 'UTF-8, commas, LF',
    encoding: 'utf-8',
    delimiter: ',',
    text: written(rowsOf(streets), ',', '\n', false),
  },
  {
    name: 'UTF-8, all quoted, CR LF',
    encoding: 'utf-8',
    delimiter: ';',
    text: written(rowsOf(streets), ';', '\r\n', true),
  },
  {
    name: 'UTF-8, tabs',
    encoding: 'utf-8',
    delimiter: '\t',
    text: written(rowsOf(streets), '\t', '\n', false),
  },
  {
    name: 'Windows-1252, semicolons',
    encoding: 'windows-1252',
    delimiter: ';',
    text: written(rowsOf(western), ';', '\r\n', false),
  },
  {
    name: 'UTF-16 LE',
    encoding: 'utf-16le',
    delimiter: ',',
    text: `\ufeff${written(rowsOf(streets), ',', '\r\n', false)}`,
  },
  {
    name: 'double pipes',
    encoding: 'utf-8',
    delimiter: '||',
    text: written(rowsOf(streets), '||', '\n', false),
  },
];

/** Gives the spoilt bytes, and the first byte that is not as it was. */
export type Mutation = (bytes: Buffer) => { bytes: Buffer; from: number };

export interface NamedMutation {
  name: string;
  spoil: Mutation;
}

const spliced = [
  Buffer.from([0]),
  Buffer.from('"'),
  Buffer.from('\r'),
  Buffer.from('\n'),
  Buffer.from(','),
  Buffer.from(';'),
  Buffer.from('\ufeff'),
  Buffer.from('"\n"'),
  Buffer.from('\\'),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xe4]),
  Buffer.from('ü'),
  Buffer.from("'"),
  Buffer.from('x'.repeat(300_000)),
];

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const short = fc.integer({ min: 1, max: 40 });

function at(bytes: Buffer, place: number): number {
  return Math.floor(place * bytes.length);
}

function replaced(bytes: Buffer, from: number, to: number, by: Buffer): { bytes: Buffer; from: number } {
  return { bytes: Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]), from };
}

/** Every way in which files are found to be spoilt. */
export const mutations: fc.Arbitrary<NamedMutation> = fc.oneof(
  fc.tuple(share, short).map(([place, length]) => ({
    name: `${length} bytes dropped at ${place}`,
    spoil: (bytes: Buffer) => replaced(bytes, at(bytes, place), at(bytes, place) + length, Buffer.alloc(0)),
  })),
  fc.tuple(share, fc.constantFrom(...spliced)).map(([place, by]) => ({
    name: `${JSON.stringify(by.toString('latin1').slice(0, 20))} spliced in at ${place}`,
    spoil: (bytes: Buffer) => replaced(bytes, at(bytes, place), at(bytes, place), by),
  })),
  fc.tuple(share, short).map(([place, length]) => ({
    name: `${length} bytes doubled at ${place}`,
    spoil: (bytes: Buffer) => {
      const from = at(bytes, place);
      return replaced(bytes, from, from, bytes.subarray(from, from + length));
    },
  })),
  fc.tuple(share, fc.integer({ min: 0, max: 7 })).map(([place, bit]) => ({
    name: `bit ${bit} flipped at ${place}`,
    spoil: (bytes: Buffer) => {
      const from = at(bytes, place);
      return replaced(bytes, from, from + 1, Buffer.from([(bytes[from] ?? 0) ^ (1 << bit)]));
    },
  })),
  share.map((place) => ({
    name: `cut at ${place}`,
    spoil: (bytes: Buffer) => replaced(bytes, at(bytes, place), bytes.length, Buffer.alloc(0)),
  })),
  share.map((place) => ({
    name: `another encoding from ${place} on`,
    spoil: (bytes: Buffer) => {
      const from = at(bytes, place);
      return replaced(
        bytes,
        from,
        bytes.length,
        iconv.encode(bytes.subarray(from).toString(), 'windows-1252'),
      );
    },
  })),
  fc.tuple(share, fc.constantFrom('\n', '\r\n', '\r')).map(([place, newline]) => ({
    name: `${JSON.stringify(newline)} for newlines from ${place} on`,
    spoil: (bytes: Buffer) => {
      const from = at(bytes, place);
      const rest = bytes
        .subarray(from)
        .toString('latin1')
        .replaceAll(/\r\n|\r|\n/g, newline);
      return replaced(bytes, from, bytes.length, Buffer.from(rest, 'latin1'));
    },
  })),
  share.map((place) => ({
    name: `other quotes from ${place} on`,
    spoil: (bytes: Buffer) => {
      const from = at(bytes, place);
      const rest = bytes.subarray(from).toString('latin1').replaceAll('"', "'");
      return replaced(bytes, from, bytes.length, Buffer.from(rest, 'latin1'));
    },
  })),
);
