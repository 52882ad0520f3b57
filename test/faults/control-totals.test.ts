import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Row } from '../../connectors/engines/engine.ts';
import { openSource } from '../../connectors/sources/registry.ts';
import type { ControlTotals, Snapshot, TableRequest, Verify } from '../../connectors/sources/source.ts';
import { type OpenedEngine, testEngines } from '../connectors/engines/engines.ts';
import { requestOf } from '../connectors/sources/database-source.ts';
import { databaseServers } from '../connectors/sources/databases/servers.ts';
import { type Fault, type Meaning, meanings } from './faulty-stream.ts';
import { holdAgainst, land, loadedRows } from './gate.ts';

/** A table of every kind of column, its rows told apart by `id`. */
interface Place {
  name: string;
  open(): Promise<{ snapshot: Snapshot; drop(): Promise<void> }>;
  table: string;
}

const rowCount = 30;
const notes = ['', null, 'plain', 'says "yes", then no', 'two\nlines', 'é😀', ' blanks ', '","', '1:a,2:b'];

const databasePlaces: Place[] = databaseServers.map((server) => ({
  name: server.name,
  table: 'payments',
  async open() {
    const isPostgres = server.name === 'PostgreSQL';
    const database = await server.createDatabase();
    await database.run(`create table payments (
      id bigint primary key, code varchar(20), amount numeric(12, 2), fee ${isPostgres ? 'numeric' : 'decimal(50, 2)'},
      note varchar(100), ratio ${isPostgres ? 'double precision' : 'double'}, share numeric(3, 3), day date,
      at ${isPostgres ? 'timestamp' : 'datetime(6)'}, clock ${isPostgres ? 'time' : 'time(3)'}, is_open boolean)`);
    const rows = Array.from({ length: rowCount }, (_, n) => {
      const note = notes[n % notes.length];
      const texts = [n + 1, `'C${n}'`, (n * 1.5).toFixed(2), `${n}.25`];
      const rest = [
        note === null ? 'null' : `'${note}'`,
        n % 5 === 0 ? 'null' : (n / 7) * 10 ** (n - 10),
        '0.5',
        `'2026-01-${String(n + 1).padStart(2, '0')}'`,
        `'2026-01-01 00:00:${String(n).padStart(2, '0')}.5'`,
        `'01:02:03'`,
        n % 2 === 0 ? 'true' : 'false',
      ];
      return `(${[...texts, ...rest].join(', ')})`;
    });
    await database.run(`insert into payments values ${rows.join(', ')}`);
    const snapshot = await server.sourceOf(database.url).openSnapshot(new AbortController().signal);
    return {
      snapshot,
      drop: async () => {
        await snapshot.close();
        await database.drop();
      },
    };
  },
}));

const filePlace: Place = {
  name: 'a file',
  table: 'payments.csv',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'whalecurve-faults-'));
    const rows = Array.from({ length: rowCount }, (_, n) => {
      const note = notes[n % notes.length];
      const text = note === null ? '' : `"${note?.replaceAll('"', '""')}"`;
      return `${n + 1};C${n};${n},50;${n}.25;${text};0.${n};2026-01-01`;
    });
    await writeFile(join(folder, 'payments.csv'), `id;code;amount;fee;note;ratio;day\n${rows.join('\n')}\n`);
    const config = { type: 'files' as const, path: folder, timezone: 'UTC', tables: {} };
    const source = await openSource({ name: 'finance', config, folder });
    const snapshot = await source.openSnapshot(new AbortController().signal);
    return {
      snapshot,
      drop: async () => {
        await snapshot.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

const levels: Verify[] = ['count', 'keys', 'rows'];
/** The key, and money as a number and as text. */
const counted = ['id', 'code', 'amount', 'fee'];
const refusals = ['WC-GATE-001', 'WC-SOURCE-006', 'WC-FILE-002', 'WC-FILE-003'];

const pairs = [...databasePlaces, filePlace].flatMap((place) =>
  testEngines.map((engine) => ({ ...place, ...engine })),
);

describe.each(pairs)('between $name and $engineName', ({ open, table, openEngine }) => {
  let place: Awaited<ReturnType<Place['open']>>;
  let engine: OpenedEngine;
  let bytes: Buffer;
  let bytesOf: (isWanted: (meaning: Meaning) => boolean) => number[];
  const controls = {} as Record<Verify, ControlTotals>;
  const requestAt = (verify: Verify): TableRequest => ({
    ...requestOf(table, { key: ['id', 'code'] }, ['amount', 'fee']),
    verify,
  });

  beforeAll(async () => {
    place = await open();
    engine = await openEngine();
    const request = requestAt('rows');
    for await (const part of place.snapshot.read(request)) {
      if (part.kind !== 'csv') throw new Error('it is CSV');
      const chunks: Buffer[] = [];
      for await (const chunk of part.bytes) chunks.push(chunk);
      bytes = Buffer.concat(chunks);
      const names = part.columns.map(({ name }) => name);
      const meaning = meanings(bytes, names, part.dialect.quote, part.dialect.delimiter);
      bytesOf = (isWanted) => [...bytes.keys()].filter((byte) => isWanted(meaning[byte] ?? 'structure'));
    }
    for (const verify of levels) {
      const landed = await land(engine, place.snapshot, requestAt(verify));
      controls[verify] = await place.snapshot.control(requestAt(verify), landed.columns);
    }
  });
  afterAll(async () => {
    await engine.close();
    await place.drop();
  });

  /** The code of the refusal, or null where the rows pass. */
  async function codeOf(verify: Verify, fault: Fault): Promise<string | null> {
    try {
      holdAgainst(controls[verify], await land(engine, place.snapshot, requestAt(verify), fault));
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  async function rowsThatPass(verify: Verify, fault?: Fault) {
    const landed = await land(engine, place.snapshot, requestAt(verify), fault);
    try {
      holdAgainst(controls[verify], landed);
    } catch {
      return null;
    }
    return loadedRows(engine, landed);
  }

  it.each(levels)('rows without a fault pass, by verify: %s', async (verify) => {
    const landed = await land(engine, place.snapshot, requestAt(verify));
    expect(landed.totals).toEqual(controls[verify]);
    expect(controls[verify].rows).toBe(BigInt(rowCount));
    expect(controls[verify].keyChecksum === null).toBe(verify === 'count');
    expect(controls[verify].rowChecksum === null).toBe(verify !== 'rows');
    // All sides compute the same after the load.
    await loadedRows(engine, landed);
    const asked = { key: ['id', 'code'], moneyColumns: ['amount', 'fee'], verify };
    const loaded = await engine.engine.totals({ schema: 'raw', table: 'rows' }, landed.columns, asked);
    expect(loaded).toEqual(controls[verify]);
  });

  it.each(levels)('a row that is dropped or doubled fails the gate by verify: %s', async (verify) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('drop', 'double'), fc.nat(rowCount - 1), async (kind, row) => {
        expect(await codeOf(verify, { kind, row })).toBe('WC-GATE-001');
      }),
      {
        numRuns: 4,
        examples: [
          ['drop', 0],
          ['double', rowCount - 1],
        ],
      },
    );
  });

  it('bytes cut off at any place fail by verify: count', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (byte) => {
        expect(refusals).toContain(await codeOf('count', { kind: 'truncate', byte }));
      }),
      { numRuns: 10, examples: [[0], [bytes.length - 1], [bytes.length - 2]] },
    );
  });

  it('a bit flipped in a key, in money or in the structure fails by verify: keys, if it changes anything', async () => {
    const places = bytesOf((meaning) => meaning === 'structure' || counted.includes(meaning.column));
    const clean = await rowsThatPass('keys');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.nat(7), async (byte, bit) => {
        const fault: Fault = { kind: 'flip', byte, bit };
        const code = await codeOf('keys', fault);
        if (code !== null) return expect(refusals).toContain(code);
        // The quotes of a note belong to its text: without the first, the second is a letter of it.
        expect(String.fromCharCode(bytes[byte] ?? 0)).toMatch(/["\d.]/);
        const passed = await rowsThatPass('keys', fault);
        const countedOf = (rows: Row[] | null) => rows?.map((row) => counted.map((name) => row[name]));
        expect(countedOf(passed)).toEqual(countedOf(clean));
      }),
      { numRuns: 20 },
    );
  });

  it('a bit flipped anywhere fails by verify: rows, if it changes anything', async () => {
    const clean = await rowsThatPass('rows');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (byte, bit) => {
        const fault: Fault = { kind: 'flip', byte, bit };
        const code = await codeOf('rows', fault);
        if (code !== null) expect(refusals).toContain(code);
        else expect(await rowsThatPass('rows', fault)).toEqual(clean);
      }),
      { numRuns: 20 },
    );
  });
});
