-- The login that Whalecurve reads the service desk with.
create user 'whalecurve_reader'@'%' identified by 'service-reader-trial' with max_user_connections 8;
grant select on desk.* to 'whalecurve_reader'@'%';
