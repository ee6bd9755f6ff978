#!/bin/sh
# Create the secret files that compose.yaml names, unless they exist.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
if [ -e secrets/postgres_password ]; then
    echo "secrets/postgres_password is there already; nothing was made" >&2
    exit 1
fi
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
password > secrets/postgres_password
password > secrets/strongroom_password
printf 'postgresql+psycopg://strongroom:%s@database/strongroom' \
    "$(cat secrets/strongroom_password)" > secrets/strongroom_database_url
# Other users cannot enter the folder; in the containers other users read the files.
chmod 0444 secrets/*
