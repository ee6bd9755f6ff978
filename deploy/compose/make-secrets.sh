#!/bin/sh
# Make the two files of secrets that compose.yaml names, unless they are there.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
if [ -e secrets/postgres_password ]; then
    echo "secrets/postgres_password is there already; nothing was made" >&2
    exit 1
fi
password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
printf '%s' "$password" > secrets/postgres_password
printf 'postgresql+psycopg://strongroom:%s@database/strongroom' "$password" \
    > secrets/strongroom_database_url
# The folder is closed to others; in the containers other users read the files.
chmod 0444 secrets/postgres_password secrets/strongroom_database_url
