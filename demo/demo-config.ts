import { asOf } from './calendar.ts';

/** The config of the demo company, as one of its engineers would have written it. */
export const demoConfig = `# Kestrel & Finch, coffee roasters: four silos, one customer table.
# Try it:  npx whalecurve demo serve   (keeps the two databases up)
#          npx whalecurve -c .whalecurve/demo/whalecurve.yml run

warehouse:
  engine: duckdb
  path: ./warehouse.duckdb

reporting:
  currency: GBP
  timezone: Europe/London
  as_of: ${asOf}                       # the last day that takes part; a nightly config says \`today\`
  exchange_rates: { file: rates.csv }       # customers abroad pay in EUR

sources:
  finance:                                  # PostgreSQL: invoices and what became of them
    type: postgres
    url: \${FINANCE_URL}                     # in .env beside this file
    tables:
      billing.customers:
        entity: accounts
        key: customer_no
        cursor: updated_at
        map:
          account_ref: customer_no
          kind: case type when 'C' then 'company' else 'person' end
          full_name: case type when 'P' then display_name end
          company_name: case type when 'C' then display_name end
          email: billing_email
          tax_id: vat_id                    # phone, street, city, … are matched by their names
      billing.payments:
        entity: payments
        key: payment_id
        cursor: updated_at
        map:
          payment_ref: payment_id
          account_ref: customer_no
          invoice_ref: invoice_no
          invoiced_at: invoice_date
          due_at: due_date

  sales:                                    # PostgreSQL: the shop
    type: postgres
    url: \${SALES_URL}
    tables:
      shop.customers:
        entity: accounts
        key: customer_id
        cursor: updated_at
        map:
          account_ref: customer_id
          kind: case when company is null then 'person' else 'company' end
          given_name: first_name
          family_name: last_name
          company_name: company
          date_of_birth: birthday
          postcode: zipCode
          acquisition_source: came_by
          other_refs: "'finance:' || finance_no"   # the shop knows some customers' number in finance
      order_lines:                          # a SELECT in the words of the source, where a table is not enough
        entity: purchases
        query: >
          select o.order_id, l.line_no, o.customer_id, o.ordered_at, o.channel, o.status, o.currency,
                 o.discount_code, l.sku, l.category, l.quantity, l.gross, l.discount, l.net, l.cost
          from shop."order" o join shop.order_lines l on l.order_id = o.order_id
        key: [order_id, line_no]
        where: status <> 'cancelled'        # counted as filtered
        map:
          purchase_ref: order_id
          account_ref: customer_id
          product_ref: sku
          gross_amount: gross
          discount_amount: discount
          net_amount: net
          cost_amount: cost
      shop.returns:
        entity: returns
        key: return_id
        cursor: updated_at
        map:
          return_ref: return_id
          account_ref: customer_id
          purchase_ref: order_id
          refund_amount: refund

  service:                                  # exports of the service desk: ; Windows-1252, 1.234,56, 31.12.2025
    type: files
    path: ./exports/service
    timezone: Europe/London
    tables:
      contacts.csv:
        entity: accounts
        key: contact_no
        format: { delimiter: ;, encoding: windows-1252, date_format: "%d.%m.%Y" }
        map:
          account_ref: contact_no
          full_name: name
          company_name: company
          city: town
          date_of_birth: birth_date
          created_at: since
          other_refs: "'sales:' || shop_no"
      tickets.csv:
        entity: tickets
        key: ticket_no
        format: { delimiter: ;, encoding: windows-1252, decimal: ",", date_format: "%d.%m.%Y %H:%M" }
        map:
          ticket_ref: ticket_no
          account_ref: contact_no
          opened_at: opened
          closed_at: closed
          category: topic
          handling_minutes: minutes
          cost_amount: cost

  marketing:                                # exports of the newsletter tool and of the web tracker
    type: files
    path: ./exports/marketing
    tables:
      subscribers.csv:
        entity: accounts
        key: subscriber
        map:
          account_ref: subscriber
          given_name: first_name
          family_name: last_name
          phone: mobile
          created_at: signed_up
      events/*.jsonl:
        entity: campaign_responses
        key: event_id
        map: { account_ref: subscriber, occurred_at: happened_at, cost_amount: cost }
      visits.parquet:
        entity: visits
        key: visit_id
        map: { account_ref: subscriber, occurred_at: began_at }
      surveys.csv:
        entity: surveys
        key: answer_id
        map: { account_ref: subscriber, occurred_at: answered_at, scale: 10 }
      referrals.csv:
        entity: referrals
        key: brought
        map: { referrer_ref: brought_by, referred_ref: brought, occurred_at: on_day }

identity:
  trust: [finance, sales, service, marketing]   # whose word counts when they disagree

value:                                      # what it costs to serve, in GBP; the rest are the defaults
  cost_rates:
    order: 1.2
    delivery: 3.2
    return: 7
    ticket_minute: 0.7
  capital_rate_year: 0.09
  neutral_amount: 5                         # within five pounds of nothing is nothing
`;

/** What a pound was worth in euros, in a gentle wave; weekly, so that most days take the last earlier rate. */
export function exchangeRates(firstDay: number, lastDay: number): string {
  const week = 7 * 86_400_000;
  const lines = ['date,from,to,rate'];
  for (let at = firstDay - week; at <= lastDay; at += week) {
    const years = (at - firstDay) / (365 * 86_400_000);
    const rate = 0.856 + 0.012 * Math.sin(years * 4) - 0.004 * Math.cos(years * 11);
    lines.push(`${new Date(at).toISOString().slice(0, 10)},EUR,GBP,${rate.toFixed(5)}`);
  }
  return `${lines.join('\n')}\n`;
}
