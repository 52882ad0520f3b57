-- The login that Whalecurve reads finance with: it may connect, and read what the owner keeps in `billing`.
create role whalecurve_reader login password 'finance-reader-trial' connection limit 8;
alter role whalecurve_reader set default_transaction_read_only = on;
revoke all on database finance from public;
grant connect on database finance to whalecurve_reader;
create schema billing;
grant usage on schema billing to whalecurve_reader;
-- Also on the tables that are made later.
alter default privileges in schema billing grant select on tables to whalecurve_reader;
