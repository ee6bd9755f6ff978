-- An ordinary role for server and workers, which owns its database: row-level security
-- does not bind the superuser. Run once, in a new database, by its image.
\set password `cat /run/secrets/strongroom_password`
CREATE ROLE strongroom LOGIN PASSWORD :'password';
CREATE DATABASE strongroom OWNER strongroom;
