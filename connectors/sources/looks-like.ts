import type { EntityName } from '../../config/entities.ts';

/**
 * The entity that a table looks like from its name and those of its columns, or null where nothing speaks for
 * one clearly. It is a suggestion of `discover` for people to confirm; no run depends on it.
 */
export function looksLike(tableName: string, columnNames: string[]): EntityName | null {
  const table = words(tableName);
  const columns = columnNames.map(words);
  let best: { entity: EntityName; score: number } | null = null;
  for (const [entity, signs] of Object.entries(signsOfEntities) as [EntityName, Signs][]) {
    const found = signs.columns.filter((sign) => columns.some((column) => sign.test(column))).length;
    const score = found === 0 ? 0 : found + (signs.table.test(table) ? nameWeight : 0);
    if (score >= leastScore && (best === null || score > best.score)) best = { entity, score };
  }
  return best?.entity ?? null;
}

/** A fitting table name weighs as much as three fitting columns, but convinces only together with one. */
const nameWeight = 3;
const leastScore = 4;

interface Signs {
  table: RegExp;
  columns: RegExp[];
}

/** Tried in this order: of two entities that fit alike, the first is taken. */
const signsOfEntities: Record<EntityName, Signs> = {
  returns: {
    table: /\b(returns?|refunds?|rmas?|credit notes?)\b/,
    columns: [/\breturn(ed)?\b/, /\brefund(ed)?\b/, /\brma\b/, /\breason\b/, /\bhandling cost\b/],
  },
  payments: {
    table: /\b(payments?|invoices?|receivables?|remittances?|charges?)\b/,
    columns: [/\bpaid\b|\bpayment\b/, /\bdue\b/, /\binvoiced?\b/, /\bamount\b/, /\bmethod\b/, /\bcurrency\b/],
  },
  campaign_responses: {
    table: /\b(campaigns?|mailings?|newsletters?|responses?|promotions?|(e?mail|marketing) events?)\b/,
    columns: [
      /\bcampaign\b|\bmailing\b/,
      /\bevent\b|\baction\b/,
      /\bopened\b|\bclicked\b|\bunsubscribed\b/,
      /\bsent\b/,
      /\boffer\b/,
    ],
  },
  tickets: {
    table: /\b(tickets?|cases?|support|calls?|incidents?|complaints?|service requests?)\b/,
    columns: [
      /\bticket\b|\bcase\b/,
      /\bopened\b/,
      /\bclosed\b|\bresolved\b/,
      /\bchannel\b/,
      /\bhandling\b|\bminutes\b/,
      /\bsatisfaction\b|\bcsat\b/,
      /\bsubject\b|\bcategory\b|\bpriority\b/,
      /\bagent\b/,
    ],
  },
  surveys: {
    table: /\b(surveys?|nps|feedback|ratings?|questionnaires?)\b/,
    columns: [/\bscore\b|\brating\b|\bnps\b/, /\banswer(ed)?\b/, /\bscale\b/, /\bsurvey\b|\bquestion\b/],
  },
  visits: {
    table: /\b(visits?|sessions?|page ?views?|web)\b/,
    columns: [/\bsession\b|\bvisit\b/, /\bpages?\b/, /\bseconds\b|\bduration\b/, /\burl\b|\breferrer\b/],
  },
  social: {
    table: /\b(social|likes?|shares?|followers?)\b/,
    columns: [/\blikes?\b|\bshares?\b/, /\bpost\b/, /\bnetwork\b|\bplatform\b/, /\bkind\b|\baction\b/],
  },
  referrals: {
    table: /\b(referrals?|invitations?)\b/,
    columns: [/\breferrer\b/, /\breferred\b|\breferee\b/, /\binvited\b/],
  },
  preferences: {
    table: /\b(preferences?|opt ?ins?|interests?)\b/,
    columns: [/\bpreference\b|\binterest\b/, /\bname\b/, /\bvalue\b/, /\bopt\b/],
  },
  purchases: {
    table: /\b(orders?|purchases?|sales?|baskets?|transactions?|receipts?|retail)\b/,
    columns: [
      /\border(ed)?\b|\bpurchased?\b|\binvoice\b|\bbasket\b|\btransaction\b/,
      /\bproduct\b|\bsku\b|\bstock\b|\bitem\b|\barticle\b/,
      /\bquantity\b|\bqty\b|\bunits\b/,
      /\bprice\b|\bnet\b|\bgross\b|\btotal\b|\bamount\b|\bsales value\b/,
      /\bdiscount\b|\bcoupon\b/,
    ],
  },
  accounts: {
    table:
      /\b(customers?|accounts?|clients?|contacts?|compan(y|ies)|persons?|people|members?|users?|leads?)\b/,
    columns: [
      /\be? ?mail\b/,
      /\bphone\b|\bmobile\b|\btelephone\b/,
      /\b(full|first|given|last|family|display|company|customer) ?name\b|\bsurname\b|\bforename\b/,
      /\bstreet\b|\baddress\b/,
      /\bcity\b|\btown\b|\bregion\b|\bstate\b|\bcountry\b/,
      /\bpost ?code\b|\bzip\b/,
      /\bbirth\b|\bdob\b|\bbirthday\b/,
      /\btax\b|\bvat\b/,
    ],
  },
};

/** `invoiceDate`, `Invoice-Date` and `invoice_date` all read `invoice date`. */
function words(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .toLowerCase();
}
