-- Whalecurve owns a database of its own and is nothing else: no superuser, and no maker of roles or databases.
create role whalecurve login password 'warehouse-owner-trial';
create database warehouse owner whalecurve encoding 'UTF8' template template0;
revoke all on database warehouse from public;
