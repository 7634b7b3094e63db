#!/bin/bash
# compare.sh PROGRAM...: runs isa_hash as built by several compilers, for several processors, and asserts that each
# function of each kind has one hash. A program for aarch64 is run by qemu-aarch64.
set -eu
all=$(mktemp)
trap 'rm -f "$all"' EXIT

for program in "$@"; do
    run=
    case $(od -An -j18 -N1 -tu1 "$program" | tr -d ' ')$(uname -m) in
    183aarch64) ;;
    183*) run=qemu-aarch64 ;;
    esac
    echo "== $program"
    $run "$program" >"$all.one" || { cat "$all.one"; rm -f "$all.one"; exit 1; }
    grep '^#' "$all.one" || true
    grep -v '^#' "$all.one" >>"$all"
    rm -f "$all.one"
done

# Columns: kind, function, type, instruction set, hash.
awk '
    { key = $1 " " $2 " " $3; isas[$4]++ }
    key in first && first[key] != $5 { print "differs: " key ": " where[key] " " first[key] ", " $4 " " $5; bad++ }
    !(key in first) { first[key] = $5; where[key] = $4; rows++ }
    END {
        for (isa in isas) text = text " " isa " " isas[isa]
        print rows " functions;" text
        if (rows < 50 || isas["portable"] < rows) { print "too few results"; exit 1 }
        exit bad > 0
    }' "$all"
