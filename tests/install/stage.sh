#!/bin/bash
# stage.sh BUILD SOURCE STAGE LIBDIR: installs the built library twice, under a prefix that is then moved, and under
# DESTDIR. The consumers use STAGE/moved.
set -eu
build=$1 source=$2 stage=$3 libdir=$4
rm -rf "$stage"
cmake --install "$build" --prefix "$stage/first" >/dev/null
DESTDIR=$stage/dest cmake --install "$build" --prefix /usr >/dev/null
diff <(cd "$stage/first" && find . ! -type d | sort) <(cd "$stage/dest/usr" && find . ! -type d | sort)
mv "$stage/first" "$stage/moved"

cd "$stage/moved"
version=$(sed -n 's/^#define ACT_VERSION_M[A-Z]* //p; s/^#define ACT_VERSION_PATCH //p' \
    "$source/include/activations/version.h" | paste -sd.)
abi=$(sed -n 's/^#define ACT_ABI_VERSION //p' "$source/include/activations/version.h")
[ -f "$libdir/libactivations.so.$version" ]
[ "$(readlink "$libdir/libactivations.so.$abi")" = "libactivations.so.$version" ]
[ "$(readlink "$libdir/libactivations.so")" = "libactivations.so.$abi" ]
for header in "$source"/include/activations/*; do cmp "$header" "include/activations/${header##*/}"; done

# Nothing that was installed as text knows where it was built or first installed, and the library has no run path.
if grep -rIlF -e "$stage" -e "$build" -e "$source" .; then
    echo "these name a path of the build"
    exit 1
fi
if readelf -dW "$libdir/libactivations.so" | grep -E 'RPATH|RUNPATH'; then exit 1; fi
