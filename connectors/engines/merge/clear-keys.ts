import { WhalecurveError } from '../../../config/error.ts';
import type { Engine } from '../engine.ts';
import { quoteName } from '../quote.ts';

/** @throws WC-LOAD-001 for a row without a key, and a key of two rows */
export async function refuseUnclearKeys(
  engine: Engine,
  from: string,
  key: readonly string[],
  subject: string,
): Promise<void> {
  const names = key.map(quoteName).join(', ');
  const isMissing = key.map((name) => `${quoteName(name)} is null`).join(' or ');
  const [without] = await engine.query(`select count(*) as row_count from ${from} where ${isMissing}`);
  const [twice] = await engine.query(
    `select count(*) as key_count from (select ${names} from ${from} group by ${names} having count(*) > 1) as keys`,
  );
  const [nulls, repeated] = [Number(without?.row_count), Number(twice?.key_count)];
  if (nulls === 0 && repeated === 0) return;
  const found = nulls > 0 ? `${nulls} rows have no ${key.join(', ')}` : `${repeated} keys stand twice`;
  throw new WhalecurveError('WC-LOAD-001', `rows cannot be told apart by ${key.join(', ')}: ${found}`, {
    where: subject,
    hint: 'name under `key:` the columns that are unique and never empty, or read the table by `strategy: full`',
  });
}
