#!/bin/sh
# deploy/backup.sh HOME TARGET.tar.gz: a copy of all cases while the server runs. Each database is copied by SQLite
# itself, so that it is whole; originals never change once they are there.
set -eu
home=$1 target=$2
umask 077
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar -C "$home" --exclude='*.sqlite*' --exclude=./.tmp --exclude=./log --warning=no-file-changed -cf - . \
    | tar -C "$copy" -xf -
(cd "$home" && find . -name case.sqlite -not -path './.tmp/*') | while read -r database; do
    python3 -c 'import sqlite3, sys
source, target = (sqlite3.connect(name) for name in sys.argv[1:])
source.backup(target)
target.close()' "$home/$database" "$copy/$database"
done
tar -C "$copy" -czf "$target.part" .
mv "$target.part" "$target"
