#!/bin/bash
# check_symbols.sh LIBRARY: what the shared library exports, what it imports, and how it asks to be loaded.
set -u
library=$1
here=$(cd "$(dirname "$0")" && pwd)
failed=0
complain() { echo "$*"; failed=1; }

# Exported: exactly the functions of the header.
diff "$here/../symbols.txt" <(nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    LC_ALL=C sort) || complain "exported symbols differ from tests/symbols.txt"

# Imported: nothing that prints, exits, or touches what belongs to the host, but for what was thought about.
unknown=$(nm -D --undefined-only "$library" | awk '{ sub(/@.*/, "", $2); print $2 }' | LC_ALL=C sort |
    LC_ALL=C comm -23 - <(grep -v -e '^#' -e '^$' "$here/../imports.txt" | LC_ALL=C sort))
[ -z "$unknown" ] || complain "imports that are not in tests/imports.txt: ${unknown//$'\n'/ }"

dynamic=$(readelf -dW "$library")
has() { grep -q -- "$1" <<<"$dynamic" || complain "the dynamic section has no $1"; }
has_not() { ! grep -q -- "$1" <<<"$dynamic" || complain "the dynamic section has $1"; }
abi=$(sed -n 's/^#define ACT_ABI_VERSION //p' "$here/../../include/activations/version.h")
has "SONAME.*\[libactivations\.so\.$abi\]"
has 'FLAGS_1.*NODELETE'
has 'FLAGS_1.*NOW'
has 'NEEDED.*\[libopenblas\.so\.0\]'
has_not TEXTREL
has_not STATIC_TLS
has_not 'NEEDED.*gomp'
readelf -lW "$library" | grep -q 'GNU_STACK.* RW ' || complain "the stack is executable"
readelf -lW "$library" | grep -q 'GNU_RELRO' || complain "no RELRO"
exit $failed
