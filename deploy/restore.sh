#!/bin/sh
# deploy/restore.sh BACKUP.tar.gz HOME: brings a backup back into a new or empty folder; stop the server first.
set -eu
umask 077
mkdir -p "$2"
[ -z "$(ls -A "$2")" ] || { echo "$2 is not empty: move it away first" >&2; exit 1; }
tar -C "$2" -xzf "$1"
