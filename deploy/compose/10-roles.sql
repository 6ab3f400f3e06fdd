-- Run once by the image of PostgreSQL, as its superuser, on an empty data folder.
-- Two roles: the owner makes the tables, the application may only do what `prepare_database` grants it.
\set ON_ERROR_STOP on
\getenv owner_password NAVMEET_OWNER_PASSWORD
\getenv app_password NAVMEET_APP_PASSWORD

CREATE ROLE navmeet_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE navmeet_app LOGIN PASSWORD :'app_password';

-- A request never waits for ever; the owner's migrations may take their time.
ALTER ROLE navmeet_app SET statement_timeout = '15s';
ALTER ROLE navmeet_app SET lock_timeout = '3s';
ALTER ROLE navmeet_app SET idle_in_transaction_session_timeout = '15s';
ALTER ROLE navmeet_app SET timezone = 'UTC';

CREATE DATABASE navmeet OWNER navmeet_owner;
REVOKE ALL ON DATABASE navmeet FROM PUBLIC;
GRANT CONNECT ON DATABASE navmeet TO navmeet_app;
