-- The functions that complete the common dialect on DuckDB. postgres.sql defines the same names.

-- days_between(first, last): whole days from the first date to the last.
create or replace temp macro days_between(first_day, last_day) as cast(date_diff('day', first_day, last_day) as bigint);

-- local_date(moment, zone): the calendar day of a UTC timestamp in an IANA zone.
create or replace temp macro local_date(moment, zone) as cast((moment at time zone 'UTC') at time zone zone as date);

-- unaccent_lower(text): lower case without marks, for comparison.
create or replace temp macro unaccent_lower(value) as lower(strip_accents(nfc_normalize(value)));

-- money(x): exact amount with four decimals, rounded half away from zero.
create or replace temp macro money(x) as cast(x as decimal(18, 4));
