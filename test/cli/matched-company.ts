import { type EngineKind, makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { type CommandResult, runCommand } from './run-command.ts';

const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30, currency: EUR }
identity: { thresholds: { review: 0.6 } }
sources:
  crm:
    type: files
    path: crm
    tables:
      people.csv: { entity: accounts, key: id, map: { account_ref: id } }
  shop:
    type: files
    path: shop
    tables:
      accounts.csv: { entity: accounts, key: id, map: { account_ref: id } }
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
`;

/** Persons with an account in two systems, under names, addresses and numbers that agree more or less. */
const files = {
  'crm/people.csv': `id,given_name,family_name,email,phone,date_of_birth,street,city,postcode
1,Ada,Byron,ada@example.org,+44 20 7946 0001,1985-12-10,12 St James Square,London,SW1Y 4JH
2,Grace,Hopper,grace@example.org,+44 20 7946 0002,1976-12-09,4 Harbour Way,Bristol,BS1 5TY
3,Katherine,Johnson,kj@example.org,,1968-08-26,7 Orbit Road,Leeds,LS1 4AP
4,Alan,Turing,alan@example.org,+44 20 7946 0004,1972-06-23,1 Bletchley Park,Milton Keynes,MK3 6EB
5,Joan,Clarke,joan@example.org,,1977-06-24,1 Bletchley Park,Milton Keynes,MK3 6EB
6,Mary,Somerville,,,1980-12-26,9 High Street,Oxford,OX1 4AA
`,
  'shop/accounts.csv': `id,given_name,family_name,email,phone,date_of_birth,street,city,postcode
a,Ada,Byron,ada@example.org,020 7946 0001,1985-12-10,12 St James Square,London,SW1Y 4JH
b,Grace,Hoper,,+44 20 7946 0002,1976-12-09,4 Harbour Way,Bristol,BS1 5TY
c,Kate,Johnson,kate.j@example.net,,1968-08-26,22 Comet Lane,York,YO1 7HH
d,Alan,Turing,a.turing@example.net,,,1 Bletchley Park,Milton Keynes,MK3 6EB
e,=Mary,Sommerville,m@example.net,,,,Oxford,OX1 4AA
f,Hedy,Lamarr,hedy@example.org,,1974-11-09,2 Radio Street,Cambridge,CB2 1TN
`,
  'shop/orders.csv': `id,client,day,amount
1,a,2026-01-01,1000.00
2,b,2026-01-02,234.50
3,c,2026-02-02,99.00
4,d,2026-03-02,500.00
5,e,2026-03-02,5.00
`,
};

export interface MatchedCompany extends Workplace {
  /** Runs `whalecurve` there; each call is a minute after the one before. */
  command(...words: string[]): Promise<CommandResult>;
}

/** A workplace of twelve accounts in two systems, with one night run. */
export async function matchedCompany(engine: EngineKind): Promise<MatchedCompany> {
  const place = await makeWorkplace(yaml, files, {}, engine);
  let minutes = 0;
  const command = (...words: string[]) => {
    minutes += 1;
    const now = new Date(Date.UTC(2026, 6, 1, 2, minutes)).toISOString();
    return runCommand(words, { cwd: place.folder, now });
  };
  const { exitCode, stderr } = await command('run');
  if (exitCode !== 0) throw new Error(stderr.slice(-1000));
  return { ...place, command };
}
