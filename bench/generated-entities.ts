/**
 * INSERT statements that fill the entities of a made-up company of `customers` customers: one account in crm
 * each, a second in erp for two of five, ten purchases, five payments, six campaign events, one ticket and half a
 * return each. Everything follows from the row number, so that every run has the same data.
 */
export function generatedEntities(customers: number): string[] {
  return [
    accounts('crm', customers, 1),
    accounts('erp', customers, 2.5),
    events('purchases', customers * 10, {
      purchase_ref: "'o' || cast(i // 2 as text)",
      ordered_at: day(3, 1000),
      category: "'category ' || cast(i % 20 as text)",
      quantity: '1 + i % 3',
      net_amount: amount(7, 30000),
      net_amount_reporting: amount(7, 30000),
      local_date: `cast(${day(3, 1000)} as date)`,
    }),
    events('payments', customers * 5, {
      payment_ref: "'p' || cast(i as text)",
      invoice_ref: "'i' || cast(i as text)",
      invoiced_at: day(3, 1000),
      due_at: `${day(3, 1000)} + interval 30 day`,
      paid_at: `case when i % 20 > 0 then ${day(3, 1000)} + to_days(cast(5 + hash(i) % 50 as integer)) end`,
      amount: amount(11, 60000),
      amount_reporting: amount(11, 60000),
      local_date: `cast(${day(3, 1000)} as date)`,
    }),
    events('campaign_responses', customers * 6, {
      campaign: "'campaign ' || cast(i % 12 as text)",
      occurred_at: day(5, 700),
      event: "case i % 6 when 0 then 'responded' when 1 then 'opened' else 'sent' end",
      channel: "'email'",
      local_date: `cast(${day(5, 700)} as date)`,
    }),
    events('tickets', customers, {
      ticket_ref: "'t' || cast(i as text)",
      opened_at: day(9, 700),
      channel: "case i % 3 when 0 then 'phone' when 1 then 'email' else 'chat' end",
      handling_minutes: 'case when i % 2 = 0 then i % 30 end',
      local_date: `cast(${day(9, 700)} as date)`,
    }),
    events('returns', Math.floor(customers / 2), {
      return_ref: "'r' || cast(i as text)",
      returned_at: day(13, 900),
      refund_amount: amount(17, 10000),
      refund_amount_reporting: amount(17, 10000),
      local_date: `cast(${day(13, 900)} as date)`,
    }),
  ];
}

/** A day up to `days` before the as-of date; every event of a customer on another one. */
function day(salt: number, days: number): string {
  return `timestamp '2024-12-31 12:00:00' - to_days(cast(hash(i * ${salt}) % ${days} as integer))`;
}

function amount(salt: number, cents: number): string {
  return `cast(hash(i * ${salt}) % ${cents} as decimal(18, 4)) * 0.01`;
}

/** Customer n has account `<n>`, in erp `<n>` too, with the same mail half of the time and the same phone else. */
function accounts(source: string, customers: number, everyNth: number): string {
  const mail = source === 'crm' ? 'true' : 'i % 2 = 0';
  return `insert into entities.accounts by name
    select '${source}' as source, 'accounts' as source_table, cast(i as text) as source_key,
      '${source}' as account_source, cast(i as text) as account_ref, 'person' as kind,
      'Given' || chr(cast(97 + hash(i) % 26 as integer)) || chr(cast(97 + hash(i * 3) % 26 as integer)) || ' Family'
        || chr(cast(97 + hash(i * 7) % 26 as integer)) || chr(cast(97 + hash(i * 11) % 26 as integer)) as full_name,
      case when ${mail} then 'Person.' || cast(i as text) || '@mail' || cast(i % 50 as text) || '.example' end as email,
      '+1 (212) ' || cast(200 + i // 10000 % 800 as text) || '-' || lpad(cast(i % 10000 as text), 4, '0') as phone,
      'Street ' || cast(i as text) as street, 'Town' as city, 'US' as country,
      timestamp '2020-01-01' + to_days(cast(hash(i) % 1000 as integer)) as created_at,
      timestamp '2022-01-01' + to_days(cast(hash(i * 5) % 1000 as integer)) as updated_at
    from (select cast(floor(n * ${everyNth}) as bigint) as i from range(${Math.floor(customers / everyNth)}) as t(n))`;
}

function events(entity: string, rows: number, columns: Readonly<Record<string, string>>): string {
  const named = Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`);
  return `insert into entities.${entity} by name
    select 'crm' as source, '${entity}' as source_table, cast(i as text) as source_key, 'crm' as account_source,
      cast(hash(i // 2) % ${Math.max(1, Math.floor(rows / rowsPerAccount[entity as keyof typeof rowsPerAccount]))} as text)
        as account_ref,
      ${named.join(',\n      ')}
    from range(${rows}) as t(i)`;
}

const rowsPerAccount = { purchases: 10, payments: 5, campaign_responses: 6, tickets: 1, returns: 0.5 };
