#!/bin/bash
# describe.sh LIBRARY [FILE]: writes the ABI of a library built with debug information, as its public headers show it.
# Without FILE it renews the baseline, libactivations.abi: an act that CHANGELOG.md answers for.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
file=${2:-$here/libactivations.abi}
abidw --headers-dir "$here/../../include" --drop-private-types --no-corpus-path --no-comp-dir-path --no-show-locs \
    --no-elf-needed --out-file "$file" "$1"
sed -i "s|path='[^']*/src/|path='src/|" "$file" # nor where it was built
