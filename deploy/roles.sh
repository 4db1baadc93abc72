#!/bin/sh
# Run once by the database container, on an empty disk: the two roles of Alongside and their database.
#
# alongside_owner owns every table and runs migrations. alongside, which web, worker and beat use, may read and
# write rows and nothing more: it cannot switch off the triggers that keep the access log and the audit as they are.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$DATABASE_OWNER_PASSWORD" --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE alongside_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE alongside LOGIN PASSWORD :'password';
CREATE DATABASE alongside OWNER alongside_owner;
REVOKE ALL ON DATABASE alongside FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE alongside TO alongside;
\connect alongside
ALTER SCHEMA public OWNER TO alongside_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO alongside;
ALTER DEFAULT PRIVILEGES FOR ROLE alongside_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO alongside;
ALTER DEFAULT PRIVILEGES FOR ROLE alongside_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO alongside;
SQL
