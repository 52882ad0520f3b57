-- The login that Whalecurve reads the shop with.
create user 'whalecurve_reader'@'%' identified by 'sales-reader-trial' with max_user_connections 8;
grant select on shop.* to 'whalecurve_reader'@'%';
