import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import { postgresServerUrl } from '../../../servers/postgres.ts';
import { type OpenedEngine, testEngines } from '../../engines/engines.ts';
import { contextOf, requestOf, withSnapshot } from '../database-source.ts';
import { carryTable } from './carry-table.ts';

describe.each(testEngines)(
  'text of a PostgreSQL database of another encoding into $engineName',
  ({ openEngine }) => {
    let engine: OpenedEngine;

    beforeAll(async () => {
      engine = await openEngine();
    });
    afterAll(() => engine.close());

    it('comes as it is from LATIN1', async () => {
      const rows = await carried(
        'LATIN1',
        "create table t (id text, words text); insert into t values ('é', 'Straße')",
      );
      expect(rows).toEqual([{ id: 'é', words: 'Straße' }]);
    });

    it('comes from SQL_ASCII where it is UTF-8, and else as its bytes behind a mark, for the quarantine', async () => {
      const rows = await carried(
        'SQL_ASCII',
        `create table t (id text, words text, list text[], day date);
       insert into t values (E'Stra\\xc3\\x9fe', E'na\\xefve', array[E'\\xff'], '2024-01-01'),
         (E'\\xed\\xa0\\x80', '', '{a}', null), (null, E'\\xf0\\x9f\\x98\\x80', null, null)`,
      );
      expect(rows).toEqual([
        { id: 'Straße', words: '\uFDD16e61ef7665', list: '\uFDD17bff7d', day: '2024-01-01' },
        { id: '\uFDD1eda080', words: '', list: '{a}', day: null },
        { id: null, words: '😀', list: null, day: null },
      ]);
    });

    /** The rows of table `t`, with a key of `id`, found equal to what the source says. */
    async function carried(encoding: string, create: string) {
      const name = `whalecurve_test_${randomBytes(6).toString('hex')}`;
      const admin = new pg.Client(postgresServerUrl());
      await admin.connect();
      try {
        await admin.query(
          `create database ${name} template template0 encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`,
        );
        const url = new URL(postgresServerUrl());
        url.pathname = `/${name}`;
        const client = new pg.Client(url.href);
        await client.connect();
        await client.query(create);
        await client.end();
        return await withSnapshot(postgresSource(contextOf('postgres', url.href)), async (snapshot) => {
          const request = { ...requestOf('t', { key: ['id'] }), verify: 'rows' as const };
          const { landed, control, rows } = await carryTable(engine, snapshot, request);
          expect(landed.totals).toEqual(control);
          return rows;
        });
      } finally {
        await admin.query(`drop database if exists ${name} with (force)`);
        await admin.end();
      }
    }
  },
);
