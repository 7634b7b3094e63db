#!/bin/bash
# check.sh SOURCE STAGE LIBDIR: every C program in README.md and docs/*.md compiles against the installed library and
# prints what the text block after it says; links lead somewhere; each kind stands in the tables that list them all, each name of
# another system in the table of presets.
set -eu
source=$1 stage=$2 libdir=$3
export PKG_CONFIG_PATH=$stage/moved/$libdir/pkgconfig LD_LIBRARY_PATH=$stage/moved/$libdir
work=$stage/docs
rm -rf "$work"
mkdir -p "$work"
failed=0

# Writes NAME-1.c, NAME-1.text, NAME-2.c ... from the fenced blocks of a document.
extract() {
    awk -v prefix="$work/$(basename "$1" .md)" '
        /^```c$/    { n++; file = prefix "-" n ".c"; next }
        /^```text$/ { file = prefix "-" n ".text"; next }
        /^```/      { file = ""; next }
        file != ""  { print > file }' "$1"
}

for document in "$source"/README.md "$source"/docs/*.md; do
    extract "$document"
done
programs=0
for program in "$work"/*.c; do
    name=${program%.c}
    programs=$((programs + 1))
    # shellcheck disable=SC2046 # flags are words
    ${CC:-cc} -std=c99 -Wall -Wextra -Werror "$program" -o "$name" $(pkg-config --cflags --libs activations)
    "$name" >"$name.out"
    diff "$name.text" "$name.out" || { echo "$name prints something else" && failed=1; }
done
[ "$programs" -ge 4 ] || { echo "only $programs programs found" && failed=1; }

for document in "$source"/README.md "$source"/src/README.md "$source"/docs/*.md; do
    for link in $(grep -o '](\([^)]*\))' "$document" | tr -d ']()' | grep -v '^https\?:'); do
        [ -e "$(dirname "$document")/${link%%#*}" ] || { echo "$document: $link leads nowhere" && failed=1; }
    done
done

for kind in $(sed -n 's/^ACT_[A-Z]*(\([a-z0-9_]*\), ACT_.*/\1/p' "$source/src/kinds.def"); do
    for list in README.md docs/numerics.md; do
        grep -q "^| \`$kind\`" "$source/$list" || { echo "$list: no row for $kind" && failed=1; }
    done
done

# Each name of a system stands in the row of that system.
while IFS='|' read -r systems names; do
    for system in $systems; do
        row=$(grep "^| \`$system\`" "$source/docs/presets.md") || { echo "presets.md: no row for $system" && failed=1; }
        for name in $names; do
            grep -qw "$name" <<<"$row" || { echo "presets.md: $system has no $name" && failed=1; }
        done
    done
done < <(sed -n 's/^ACT_PRESET[_IF]*("\([^"]*\)", "\([^"]*\)".*/\1|\2/p' "$source/src/presets.def")
exit $failed
