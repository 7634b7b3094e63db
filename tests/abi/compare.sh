#!/bin/bash
# compare.sh LIBRARY: fails where the ABI is not what libactivations.abi says. describe.sh renews that file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
new=$(mktemp --suffix=.abi)
trap 'rm -f "$new"' EXIT
"$here/describe.sh" "$1" "$new"
# A description of a library without debug information knows no types and would differ from nothing.
grep -q "name='act_tensor'" "$new" || { echo "$1 has no debug information"; exit 1; }
abidiff "$here/libactivations.abi" "$new"
