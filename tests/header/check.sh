#!/bin/bash
# Each public header compiles alone, and twice in a row, in every language and compiler that users bring.
# check.sh INCLUDE_DIR C_COMPILER C++_COMPILER [C_COMPILER C++_COMPILER...]
set -eu
include=$1
shift

check() { # compiler language standard header
    printf '#include <%s>\n#include <%s>\ntypedef int act_not_empty;\n' "$4" "$4" |
        "$1" -x "$2" -std="$3" -pedantic-errors -Wall -Wextra -Wshadow -Wconversion -Werror -fsyntax-only -I"$include" -
    echo "ok: $4 as $3 by $1"
}

count=0
while [ $# -ge 2 ]; do
    for header in "$include"/activations/*.h; do
        header=activations/${header##*/}
        for standard in c99 c11 c2x; do check "$1" c "$standard" "$header"; done
        for standard in c++11 c++17 c++20; do check "$2" c++ "$standard" "$header"; done
        count=$((count + 1))
    done
    shift 2
done
[ "$count" -ge 3 ] || { echo "no headers or no compilers to check"; exit 1; }
