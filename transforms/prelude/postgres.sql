-- The functions that complete the common dialect on PostgreSQL. duckdb.sql defines the same names with the
-- same results; test/transforms/prelude holds both to it.
--
-- PostgreSQL has functions of its own called money, div and the like. Ours count where their schema stands
-- before pg_catalog: `set search_path = whalecurve, pg_catalog`. Text is compared in the order of bytes, as
-- DuckDB does, in a database created with `lc_collate = 'C'`.

-- days_between(first, last): whole days from the first date to the last.
create or replace function days_between(first_day date, last_day date) returns bigint
  language sql immutable strict parallel safe as $$ select cast(last_day - first_day as bigint) $$;

-- div(a, b): whole quotient, towards zero; null where b is 0.
create or replace function div(a bigint, b bigint) returns bigint
  language sql immutable strict parallel safe as $$ select a operator(pg_catalog./) nullif(b, 0) $$;
create or replace function div(a integer, b integer) returns bigint
  language sql immutable strict parallel safe as $$ select cast(a operator(pg_catalog./) nullif(b, 0) as bigint) $$;

-- local_date(moment, zone): the calendar day of a UTC timestamp in an IANA zone.
create or replace function local_date(moment timestamp, zone text) returns date
  language sql immutable strict parallel safe as $$ select cast((moment at time zone 'UTC') at time zone zone as date) $$;

-- utc_timestamp(moment, zone): a moment on the clock of an IANA zone, in UTC. When clocks go back, an hour
-- that happens twice is the second one; when they go forward, a time that is skipped is an hour later.
create or replace function utc_timestamp(moment timestamp, zone text) returns timestamp
  language sql immutable strict parallel safe as $$ select (moment at time zone zone) at time zone 'UTC' $$;

-- unaccent_lower(text): lower case without marks, for comparison.
create or replace function unaccent_lower(value text) returns text
  language sql immutable strict parallel safe as $$
    select normalize(
      lower(regexp_replace(normalize(value, nfd), U&'[\0300-\036F]', '', 'g') collate "und-x-icu"), nfc)
  $$;

-- money(x): exact amount with four decimals, rounded half away from zero.
create or replace function money(x numeric) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;
create or replace function money(x bigint) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;
create or replace function money(x integer) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;
create or replace function money(x double precision) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;

-- divide_money(a, b): a / b with four decimals, rounded half away from zero; null where b is 0. The quotient of
-- numeric is rounded itself, so whole numbers are divided here as they are on DuckDB.
create or replace function divide_money(a numeric, b numeric) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$
    select cast(
      sign(a) * sign(b) * pg_catalog.div(2 * abs(a) * 10000 + abs(b), nullif(2 * abs(b), 0)) * 0.0001
      as numeric(18, 4))
  $$;

-- fit_money(x), fit_rate(x), fit_integer(x): a number as that type; null where it has no room for it, and for
-- fit_integer where it is not whole.
create or replace function fit_money(x numeric) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$
    select case when abs(round(x, 4)) < 1e14 then cast(x as numeric(18, 4)) end
  $$;
create or replace function fit_money(x double precision) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select case when abs(x) < 1e15 then fit_money(cast(x as numeric)) end $$;
create or replace function fit_rate(x numeric) returns numeric(18, 8)
  language sql immutable strict parallel safe as $$
    select case when abs(round(x, 8)) < 1e10 then cast(x as numeric(18, 8)) end
  $$;
create or replace function fit_rate(x double precision) returns numeric(18, 8)
  language sql immutable strict parallel safe as $$ select case when abs(x) < 1e11 then fit_rate(cast(x as numeric)) end $$;
create or replace function fit_integer(x numeric) returns bigint
  language sql immutable strict parallel safe as $$
    select case when x = trunc(x) and x between -9223372036854775808 and 9223372036854775807 then cast(x as bigint) end
  $$;
create or replace function fit_integer(x double precision) returns bigint
  language sql immutable strict parallel safe as $$
    select case when x = trunc(x) and abs(x) < 9.2e18 then cast(x as bigint) end
  $$;

-- plain_number(text): a number as files write it (`1234.56`, `1,234.56`, `1 234.56`, `1e3`) without its groups;
-- null for anything else. plain_number_comma reads `1.234,56`.
create or replace function plain_number(value text) returns text
  language sql immutable strict parallel safe as $$
    select case
      when value ~ '^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?\s*$' then btrim(value, E' \t\r\n\f')
      when value ~ '^\s*[+-]?[0-9]{1,3}([, ''\u00A0\u202F][0-9]{3})+(\.[0-9]*)?\s*$'
        then regexp_replace(value, '[^0-9.+-]', '', 'g')
    end
  $$;
create or replace function plain_number_comma(value text) returns text
  language sql immutable strict parallel safe as $$
    select case
      when value ~ '^\s*[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,2})?\s*$'
        then replace(btrim(value, E' \t\r\n\f'), ',', '.')
      when value ~ '^\s*[+-]?[0-9]{1,3}([. ''\u00A0\u202F][0-9]{3})+(,[0-9]*)?\s*$'
        then replace(regexp_replace(value, '[^0-9,+-]', '', 'g'), ',', '.')
    end
  $$;

-- try_…(text): the value that the text writes; null where it writes none, or one beyond the type.
create or replace function try_money(value text) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select fit_money(cast(plain_number(value) as numeric)) $$;
create or replace function try_money_comma(value text) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select fit_money(cast(plain_number_comma(value) as numeric)) $$;
create or replace function try_rate(value text) returns numeric(18, 8)
  language sql immutable strict parallel safe as $$ select fit_rate(cast(plain_number(value) as numeric)) $$;
create or replace function try_rate_comma(value text) returns numeric(18, 8)
  language sql immutable strict parallel safe as $$ select fit_rate(cast(plain_number_comma(value) as numeric)) $$;
create or replace function try_double(value text) returns double precision
  language sql immutable strict parallel safe as $$
    select case when abs(cast(plain_number(value) as numeric)) < 1e308 then cast(plain_number(value) as double precision) end
  $$;
create or replace function try_double_comma(value text) returns double precision
  language sql immutable strict parallel safe as $$ select try_double(plain_number_comma(value)) $$;
create or replace function whole_number(value text) returns bigint
  language sql immutable strict parallel safe as $$
    select case when value ~ '^[+-]?[0-9]+(\.0*)?$' then fit_integer(cast(split_part(value, '.', 1) as numeric)) end
  $$;
create or replace function try_integer(value text) returns bigint
  language sql immutable strict parallel safe as $$ select whole_number(plain_number(value)) $$;
create or replace function try_integer_comma(value text) returns bigint
  language sql immutable strict parallel safe as $$ select whole_number(plain_number_comma(value)) $$;

-- try_boolean(text): true, t, yes, y, ja, 1 and false, f, no, n, nein, 0, in any case.
create or replace function try_boolean(value text) returns boolean
  language sql immutable strict parallel safe as $$
    select case
      when lower(btrim(value)) in ('true', 't', 'yes', 'y', 'ja', '1') then true
      when lower(btrim(value)) in ('false', 'f', 'no', 'n', 'nein', '0') then false
    end
  $$;

-- PostgreSQL has no cast that gives null for a date that does not exist; an exception is caught per value.
create or replace function cast_timestamp(value text) returns timestamp
  language plpgsql immutable strict parallel safe as $$
    begin
      return cast(value as timestamp);
    exception when others then
      return null;
    end
  $$;
create or replace function cast_timestamptz(value text) returns timestamptz
  language plpgsql stable strict parallel safe as $$
    begin
      return cast(value as timestamptz);
    exception when others then
      return null;
    end
  $$;

-- try_date(text): the day of `2024-12-31`, also where a time follows it.
create or replace function try_date(value text) returns date
  language sql immutable strict parallel safe as $$
    select case when value ~ '^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?\s*$'
      then cast(cast_timestamp(value) as date) end
  $$;

-- try_timestamp(text, zone): UTC of an ISO 8601 moment; one without an offset is on the clock of the zone.
create or replace function try_timestamp(value text, zone text) returns timestamp
  language sql stable strict parallel safe as $$
    select case
      when value ~ '^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?\s*$'
        then utc_timestamp(cast_timestamp(value), zone)
      when value ~ '^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)? ?([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)\s*$'
        then cast_timestamptz(value) at time zone 'UTC'
    end
  $$;

-- parsed_by_format(text, format): a strftime pattern in the words of to_timestamp, behind a regular expression,
-- because to_timestamp forgives what does not match. A pattern of the date alone also takes a time behind it.
create or replace function parsed_by_format(value text, format text) returns timestamp
  language plpgsql stable strict parallel safe as $$
    declare
      pair text[];
      picture text := format;
      shape text := regexp_replace(format, '([.*+?^${}()|\[\]\\])', '\\\1', 'g');
    begin
      foreach pair slice 1 in array array[
        ['%Y', 'YYYY', '\d{4}'], ['%y', 'YY', '\d{2}'], ['%m', 'MM', '\d{1,2}'], ['%d', 'DD', '\d{1,2}'],
        ['%H', 'HH24', '\d{1,2}'], ['%I', 'HH12', '\d{1,2}'], ['%M', 'MI', '\d{1,2}'], ['%S', 'SS', '\d{1,2}'],
        ['%f', 'US', '\d{1,6}'], ['%p', 'AM', '[AaPp][Mm]'], ['%b', 'Mon', '[A-Za-z]{3}'], ['%B', 'FMMonth', '[A-Za-z]+']
      ] loop
        picture := replace(picture, pair[1], pair[2]);
        shape := replace(shape, pair[1], pair[3]);
      end loop;
      if value !~ ('^\s*' || shape || '\s*$') then
        if position('%H' in format) = 0 and value ~ ('^\s*' || shape || ' \d{1,2}:\d{1,2}(:\d{1,2})?\s*$') then
          picture := picture || case when value ~ '\d:\d{1,2}:\d' then ' HH24:MI:SS' else ' HH24:MI' end;
        else
          return null;
        end if;
      end if;
      return to_timestamp(btrim(value), picture) at time zone current_setting('TimeZone');
    exception when others then
      return null;
    end
  $$;

-- try_timestamp_format(text, format, zone), try_date_format(text, format): the same for a strftime pattern.
create or replace function try_date_format(value text, format text) returns date
  language sql stable strict parallel safe as $$ select cast(parsed_by_format(value, format) as date) $$;
create or replace function try_timestamp_format(value text, format text, zone text) returns timestamp
  language sql stable strict parallel safe as $$ select utc_timestamp(parsed_by_format(value, format), zone) $$;
