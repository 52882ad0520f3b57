-- The functions that complete the common dialect on PostgreSQL: those of numbers; postgres-text.sql has those of texts,
-- postgres-times.sql those of days and times. duckdb.sql defines the same names with the same results; test/transforms/prelude holds both to it.
--
-- PostgreSQL has functions of its own called money, lower and the like. Ours count where their schema stands
-- before pg_catalog: `set search_path = whalecurve, pg_catalog`.
--
-- SQL functions are merged into the query that calls them, which makes them fast, if they are not strict and name
-- an argument that is dear to compute once only. So what most values are is told by a cheap look at their
-- shape here, and what is left goes to a function in plpgsql. What catches an exception is not parallel safe: before
-- PostgreSQL 17 a parallel worker cannot.

-- div(a, b): whole quotient, towards zero; null where b is 0.
create or replace function div(a bigint, b bigint) returns bigint
  language sql immutable parallel safe as $$ select a operator(pg_catalog./) nullif(b, 0) $$;
create or replace function div(a integer, b integer) returns bigint
  language sql immutable parallel safe as $$ select cast(a operator(pg_catalog./) nullif(b, 0) as bigint) $$;

-- money(x): exact amount with four decimals, rounded half away from zero. A double counts as its shortest text.
create or replace function money(x numeric) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;
create or replace function money(x bigint) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;
create or replace function money(x integer) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(x as numeric(18, 4)) $$;
create or replace function money(x double precision) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$ select cast(cast(cast(x as text) as numeric) as numeric(18, 4)) $$;

-- divide_money(a, b): a / b with four decimals, rounded half away from zero; null where b is 0. The quotient of
-- numeric is rounded itself, so whole numbers are divided here as they are on DuckDB.
create or replace function divide_money(a numeric, b numeric) returns numeric(18, 4)
  language sql immutable strict parallel safe as $$
    select cast(
      sign(a) * sign(b) * pg_catalog.div(2 * abs(a) * 10000 + abs(b), nullif(2 * abs(b), 0)) * 0.0001
      as numeric(18, 4))
  $$;

-- fit_money(x), fit_rate(x), fit_integer(x): a number as that type; null where it has no room for it, and for
-- fit_integer where it is not whole. A double counts as its shortest text.
create or replace function fit_money(x numeric) returns numeric(18, 4)
  language sql immutable parallel safe as $$
    select case when abs(x) < 99999999999999.99995 then cast(x as numeric(18, 4)) end
  $$;
create or replace function fit_money(x double precision) returns numeric(18, 4)
  language sql immutable parallel safe as $$
    select case when abs(x) < 1e15 then fit_money(cast(cast(x as text) as numeric)) end
  $$;
create or replace function fit_rate(x numeric) returns numeric(18, 8)
  language sql immutable parallel safe as $$
    select case when abs(x) < 9999999999.999999995 then cast(x as numeric(18, 8)) end
  $$;
create or replace function fit_rate(x double precision) returns numeric(18, 8)
  language sql immutable parallel safe as $$
    select case when abs(x) < 1e11 then fit_rate(cast(cast(x as text) as numeric)) end
  $$;
create or replace function fit_integer(x bigint) returns bigint
  language sql immutable parallel safe as $$ select x $$;
create or replace function fit_integer(x numeric) returns bigint
  language sql immutable parallel safe as $$
    select case when x = trunc(x) and x between -9223372036854775808 and 9223372036854775807 then cast(x as bigint) end
  $$;
create or replace function fit_integer(x double precision) returns bigint
  language sql immutable parallel safe as $$
    select case when x = trunc(x) and x >= -9223372036854775808.0 and x < 9223372036854775808.0 then cast(x as bigint) end
  $$;

-- is_finite(x): false for NaN and the infinities.
create or replace function is_finite(x double precision) returns boolean
  language sql immutable parallel safe as $$ select abs(x) < double precision 'Infinity' $$;

-- double_as_text(x): whole numbers below 9 × 10^18 in full (tools that know no whole numbers with gaps write
-- the id 13085 as 13085.0), others as short as they can be read back.
create or replace function double_as_text(x double precision) returns text
  language sql immutable parallel safe as $$
    select case
      when x = trunc(x) and abs(x) < 9e18 then cast(cast(x as bigint) as text)
      -- PostgreSQL turns to an exponent at 10^15, DuckDB at 10^16; doubles have no fractions beyond 2^52.
      when abs(x) >= 1e15 and abs(x) < 9e15 then cast(cast(cast(x as text) as numeric) as text)
      else cast(x as text)
    end
  $$;

-- plain_number(text): a number as files write it (`1234.56`, `1,234.56`, `1 234.56`, `1e3`) without its groups;
-- null for anything else. plain_number_comma reads `1.234,56`.
create or replace function plain_number(value text) returns text
  language sql immutable parallel safe as $$
    select case
      when value ~ '^[ \t\r\n\f]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?[ \t\r\n\f]*$'
        then btrim(value, E' \t\r\n\f')
      when value ~ '^[ \t\r\n\f]*[+-]?[0-9]{1,3}([, ''\u00A0\u202F][0-9]{3})+(\.[0-9]*)?[ \t\r\n\f]*$'
        then regexp_replace(value, '[^0-9.+-]', '', 'g')
    end
  $$;
create or replace function plain_number_comma(value text) returns text
  language sql immutable parallel safe as $$
    select case
      when value ~ '^[ \t\r\n\f]*[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,3})?[ \t\r\n\f]*$'
        then replace(btrim(value, E' \t\r\n\f'), ',', '.')
      when value ~ '^[ \t\r\n\f]*[+-]?[0-9]{1,3}([. ''\u00A0\u202F][0-9]{3})+(,[0-9]*)?[ \t\r\n\f]*$'
        then replace(regexp_replace(value, '[^0-9,+-]', '', 'g'), ',', '.')
    end
  $$;

-- short_number(text): of up to 14 digits, maybe with a sign and a point and nothing else, as most are.
create or replace function short_number(value text) returns numeric
  language sql immutable parallel safe as $$
    select case
      when translate(value, '0123456789', '') in ('', '-', '.', '-.') and strpos(value, '-') <= 1
          and char_length(value) between 1 and 14 and value not in ('-', '.', '-.')
        then cast(value as numeric)
    end
  $$;

-- number_of(plain): the number that plain_number found; null for one of more digits than numeric takes.
create or replace function number_of(plain text) returns numeric
  language sql immutable parallel safe as $$ select case when char_length(plain) <= 16000 then cast(plain as numeric) end $$;
create or replace function written_money(plain text) returns numeric(18, 4)
  language plpgsql immutable strict parallel safe as $$
    declare number numeric := number_of(plain);
    begin return fit_money(number); end
  $$;
create or replace function written_rate(plain text) returns numeric(18, 8)
  language plpgsql immutable strict parallel safe as $$
    declare number numeric := number_of(plain);
    begin return fit_rate(number); end
  $$;
create or replace function written_double(plain text) returns double precision
  language plpgsql immutable strict parallel safe as $$
    declare number numeric := number_of(plain);
    begin
      -- Beyond these, the cast is an error and not infinity or zero.
      if abs(number) >= 1.7976931348623158e308 then return null; end if;
      if abs(number) < 1e-307 then return 0; end if;
      return cast(number as double precision);
    end
  $$;
create or replace function written_integer(plain text) returns bigint
  language plpgsql immutable strict parallel safe as $$
    begin
      if plain !~ '^[+-]?[0-9]+(\.0*)?$' then return null; end if;
      return fit_integer(number_of(split_part(plain, '.', 1)));
    end
  $$;

-- try_…(text): the value that the text writes; null where it writes none, or one beyond the type.
create or replace function try_money(value text) returns numeric(18, 4)
  language sql immutable parallel safe as $$
    select cast(coalesce(short_number(value), written_money(plain_number(value))) as numeric(18, 4))
  $$;
create or replace function try_money_comma(value text) returns numeric(18, 4)
  language sql immutable parallel safe as $$ select written_money(plain_number_comma(value)) $$;
create or replace function try_rate(value text) returns numeric(18, 8)
  language sql immutable parallel safe as $$ select written_rate(plain_number(value)) $$;
create or replace function try_rate_comma(value text) returns numeric(18, 8)
  language sql immutable parallel safe as $$ select written_rate(plain_number_comma(value)) $$;
create or replace function try_double(value text) returns double precision
  language sql immutable parallel safe as $$
    select coalesce(cast(short_number(value) as double precision), written_double(plain_number(value)))
  $$;
create or replace function try_double_comma(value text) returns double precision
  language sql immutable parallel safe as $$ select written_double(plain_number_comma(value)) $$;
create or replace function try_integer(value text) returns bigint
  language sql immutable parallel safe as $$
    select case
      when translate(value, '0123456789', '') = '' and char_length(value) between 1 and 18 then cast(value as bigint)
      else written_integer(plain_number(value))
    end
  $$;
create or replace function try_integer_comma(value text) returns bigint
  language sql immutable parallel safe as $$
    select case
      when translate(value, '0123456789', '') = '' and char_length(value) between 1 and 18 then cast(value as bigint)
      else written_integer(plain_number_comma(value))
    end
  $$;

-- try_boolean(text): true, t, yes, y, ja, 1 and false, f, no, n, nein, 0, in any case.
create or replace function try_boolean(value text) returns boolean
  language sql immutable parallel safe as $$
    select case
      when pg_catalog.lower(stripped(value) collate "C") in ('true', 't', 'yes', 'y', 'ja', '1') then true
      when pg_catalog.lower(stripped(value) collate "C") in ('false', 'f', 'no', 'n', 'nein', '0') then false
    end
  $$;
