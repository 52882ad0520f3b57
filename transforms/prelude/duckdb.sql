-- The functions that complete the common dialect on DuckDB. postgres.sql defines the same names with the
-- same results; test/transforms/prelude holds both to it.

-- days_between(first, last): whole days from the first date to the last.
create or replace temp macro days_between(first_day, last_day) as cast(date_diff('day', first_day, last_day) as bigint);

-- div(a, b): whole quotient, towards zero; null where b is 0.
create or replace temp macro div(a, b) as (cast(a as bigint) // nullif(cast(b as bigint), 0));

-- local_date(moment, zone): the calendar day of a UTC timestamp in an IANA zone.
create or replace temp macro local_date(moment, zone) as
  case when zone = 'UTC' then cast(moment as date)
    else cast((cast(moment as timestamp) at time zone 'UTC') at time zone zone as date) end;

-- utc_timestamp(moment, zone): a moment on the clock of an IANA zone, in UTC. When clocks go back, an hour
-- that happens twice is the second one; when they go forward, a time that is skipped is an hour later.
create or replace temp macro utc_timestamp(moment, zone) as
  case when zone = 'UTC' then cast(moment as timestamp)
    else (cast(moment as timestamp) at time zone zone) at time zone 'UTC' end;

-- unaccent_lower(text): lower case without marks, for comparison.
create or replace temp macro unaccent_lower(value) as lower(strip_accents(nfc_normalize(value)));

-- money(x): exact amount with four decimals, rounded half away from zero.
create or replace temp macro money(x) as cast(x as decimal(18, 4));

-- divide_money(a, b): a / b with four decimals, rounded half away from zero; null where b is 0. DuckDB divides
-- decimals as doubles, so this divides whole numbers: twice the dividend plus the divisor over twice the divisor
-- rounds a half up. Amounts below 10^9 fit 64 bits, which is several times as fast; others are scaled by 10^8 (a by
-- 10^4 more) in 128 bits, at most 28 digits each.
create or replace temp macro rounded_quotient(a, b) as
  case when (a < 0) = (b < 0) then 1 else -1 end * ((2 * abs(a) * 10000 + abs(b)) // nullif(2 * abs(b), 0));
create or replace temp macro small_units(x) as
  cast(try_cast(x as decimal(13, 4)) * cast(10000 as decimal(5, 0)) as bigint);
create or replace temp macro large_units(x) as
  cast(cast(x as decimal(28, 8)) * cast(100000000 as decimal(10, 0)) as hugeint);
create or replace temp macro divide_money(a, b) as
  case
    when try_cast(a as decimal(13, 4)) = a and try_cast(b as decimal(13, 4)) = b
      then cast(cast(rounded_quotient(small_units(a), small_units(b)) as decimal(18, 0)) * cast(0.0001 as decimal(4, 4))
        as decimal(18, 4))
    else cast(cast(rounded_quotient(large_units(a), large_units(b)) as decimal(34, 0)) * cast(0.0001 as decimal(4, 4))
      as decimal(18, 4))
  end;

-- fit_money(x), fit_rate(x), fit_integer(x): a number as that type; null where it has no room for it, and for
-- fit_integer where it is not whole.
create or replace temp macro fit_money(x) as try_cast(x as decimal(18, 4));
create or replace temp macro fit_rate(x) as try_cast(x as decimal(18, 8));
create or replace temp macro fit_integer(x) as case when x = trunc(x) then try_cast(x as bigint) end;

-- plain_number(text): a number as files write it (`1234.56`, `1,234.56`, `1 234.56`, `1e3`) without its groups;
-- null for anything else. plain_number_comma reads `1.234,56`.
create or replace temp macro plain_number(value) as
  case
    when regexp_full_match(value, '\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?\s*') then trim(value)
    when regexp_full_match(value, '\s*[+-]?[0-9]{1,3}([, ''\x{00A0}\x{202F}][0-9]{3})+(\.[0-9]*)?\s*')
      then regexp_replace(value, '[^0-9.+-]', '', 'g')
  end;
create or replace temp macro plain_number_comma(value) as
  case
    when regexp_full_match(value, '\s*[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,2})?\s*')
      then replace(trim(value), ',', '.')
    when regexp_full_match(value, '\s*[+-]?[0-9]{1,3}([. ''\x{00A0}\x{202F}][0-9]{3})+(,[0-9]*)?\s*')
      then replace(regexp_replace(value, '[^0-9,+-]', '', 'g'), ',', '.')
  end;

-- try_…(text): the value that the text writes; null where it writes none, or one beyond the type. The cast
-- alone reads plain digits, and is three times as fast as the patterns of plain_number; what it would read
-- and PostgreSQL would not (`1_000`, `0x1F`, and 1.5 as 2) goes the long way.
create or replace temp macro is_plain(value) as not contains(value, '_');
create or replace temp macro try_money(value) as coalesce(
  case when is_plain(value) then try_cast(value as decimal(18, 4)) end,
  try_cast(plain_number(value) as decimal(18, 4)));
create or replace temp macro try_money_comma(value) as try_cast(plain_number_comma(value) as decimal(18, 4));
create or replace temp macro try_rate(value) as coalesce(
  case when is_plain(value) then try_cast(value as decimal(18, 8)) end,
  try_cast(plain_number(value) as decimal(18, 8)));
create or replace temp macro try_rate_comma(value) as try_cast(plain_number_comma(value) as decimal(18, 8));
create or replace temp macro try_double(value) as try_cast(plain_number(value) as double);
create or replace temp macro try_double_comma(value) as try_cast(plain_number_comma(value) as double);
create or replace temp macro whole_number(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+(\.0*)?') then try_cast(split_part(value, '.', 1) as bigint) end;
create or replace temp macro try_integer(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+') then try_cast(value as bigint)
    else whole_number(plain_number(value)) end;
create or replace temp macro try_integer_comma(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+') then try_cast(value as bigint)
    else whole_number(plain_number_comma(value)) end;

-- try_boolean(text): true, t, yes, y, ja, 1 and false, f, no, n, nein, 0, in any case.
create or replace temp macro try_boolean(value) as
  case
    when lower(trim(value)) in ('true', 't', 'yes', 'y', 'ja', '1') then true
    when lower(trim(value)) in ('false', 'f', 'no', 'n', 'nein', '0') then false
  end;

-- try_date(text): the day of `2024-12-31`, also where a time follows it.
create or replace temp macro try_date(value) as
  case when regexp_full_match(value, '\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?)?\s*')
    then cast(try_cast(value as timestamp) as date) end;

-- try_timestamp(text, zone): UTC of an ISO 8601 moment; one without an offset is on the clock of the zone.
create or replace temp macro try_timestamp(value, zone) as
  case
    when regexp_full_match(value, '\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?)?\s*')
      then utc_timestamp(try_cast(value as timestamp), zone)
    when regexp_full_match(value, '\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)? ?([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)\s*')
      then coalesce(
        try_cast(value as timestamptz),
        -- DuckDB wants the seconds, and no blank before the offset.
        try_cast(
          regexp_replace(
            regexp_replace(upper(trim(value)), ' ?(Z|[+-][0-9:]+)$', '\1'),
            '([T ][0-9]{2}:[0-9]{2})(Z|[+-])', '\1:00\2')
          as timestamptz)) at time zone 'UTC'
  end;

-- try_timestamp_format(text, format, zone), try_date_format(text, format): the same for a strftime pattern; a
-- pattern of the date alone also takes a time behind it.
create or replace temp macro parsed_by_format(value, format) as
  try_strptime(trim(value), [format, format || ' %H:%M:%S', format || ' %H:%M']);
create or replace temp macro try_date_format(value, format) as cast(parsed_by_format(value, format) as date);
create or replace temp macro try_timestamp_format(value, format, zone) as
  utc_timestamp(parsed_by_format(value, format), zone);
