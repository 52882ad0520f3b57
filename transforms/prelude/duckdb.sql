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
-- decimals as doubles, so this divides whole numbers: both are scaled by 10^8, a by 10^4 more, and with
-- twice the dividend plus the divisor over twice the divisor a half is rounded up. At most 28 digits each.
create or replace temp macro scaled_whole(x) as
  cast(cast(x as decimal(28, 8)) * cast(100000000 as decimal(10, 0)) as hugeint);
create or replace temp macro divide_money(a, b) as cast(
  cast(
    sign(scaled_whole(a)) * sign(scaled_whole(b))
      * ((2 * abs(scaled_whole(a)) * 10000 + abs(scaled_whole(b))) // nullif(2 * abs(scaled_whole(b)), 0))
    as decimal(34, 0)) * cast(0.0001 as decimal(4, 4))
  as decimal(18, 4));

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

-- try_…(text): the value that the text writes; null where it writes none, or one beyond the type.
create or replace temp macro try_money(value) as try_cast(plain_number(value) as decimal(18, 4));
create or replace temp macro try_money_comma(value) as try_cast(plain_number_comma(value) as decimal(18, 4));
create or replace temp macro try_rate(value) as try_cast(plain_number(value) as decimal(18, 8));
create or replace temp macro try_rate_comma(value) as try_cast(plain_number_comma(value) as decimal(18, 8));
create or replace temp macro try_double(value) as try_cast(plain_number(value) as double);
create or replace temp macro try_double_comma(value) as try_cast(plain_number_comma(value) as double);
create or replace temp macro whole_number(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+(\.0*)?') then try_cast(split_part(value, '.', 1) as bigint) end;
create or replace temp macro try_integer(value) as whole_number(plain_number(value));
create or replace temp macro try_integer_comma(value) as whole_number(plain_number_comma(value));

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
