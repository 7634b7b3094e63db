#!/bin/bash
# use.sh WHAT SOURCE STAGE LIBDIR: builds and runs one consumer of the library installed in STAGE/moved.
# Exit status 77: the language is not installed here.
set -eu
what=$1 source=$2 stage=$3 libdir=$4
here=$source/tests/install
work=$stage/use-$what
rm -rf "$work"
mkdir -p "$work"
export PKG_CONFIG_PATH=$stage/moved/$libdir/pkgconfig LD_LIBRARY_PATH=$stage/moved/$libdir
cc=${CC:-cc}

needs_no_blas() { # program: what it was linked with names the library, and not what that is made of
    readelf -dW "$1" | grep -q 'NEEDED.*\[libactivations\.so\.'
    ! readelf -dW "$1" | grep -q 'NEEDED.*blas'
}

case $what in
pkg-config)
    pkg-config --exists "activations = $(pkg-config --modversion activations)"
    libs=$(pkg-config --libs activations)
    case $libs in *blas*) echo "--libs names BLAS: $libs" && exit 1 ;; esac
    # shellcheck disable=SC2046,SC2086 # flags are words
    $cc -std=c99 -Wall -Wextra -Werror "$here/consumer.c" -o "$work/consumer" $(pkg-config --cflags activations) $libs
    "$work/consumer"
    needs_no_blas "$work/consumer"
    ;;
destdir)
    export PKG_CONFIG_PATH=$stage/dest/usr/$libdir/pkgconfig LD_LIBRARY_PATH=$stage/dest/usr/$libdir
    # shellcheck disable=SC2046
    $cc -std=c99 "$here/consumer.c" -o "$work/consumer" $(pkg-config --cflags --libs activations)
    "$work/consumer"
    ;;
static)
    [ -f "$stage/moved/$libdir/libactivations.a" ] || exit 77
    # shellcheck disable=SC2046
    $cc -std=c99 "$here/consumer.c" -o "$work/consumer" $(pkg-config --cflags activations) \
        -L"$stage/moved/$libdir" -Wl,-Bstatic -lactivations -Wl,-Bdynamic $(pkg-config --libs openblas) -lm -pthread
    "$work/consumer"
    ! readelf -dW "$work/consumer" | grep -q 'NEEDED.*activations'
    ;;
find-package)
    cmake -G Ninja -S "$here/find_package" -B "$work" -DCMAKE_PREFIX_PATH="$stage/moved" >"$work.log" 2>&1 ||
        { cat "$work.log" && exit 1; }
    cmake --build "$work"
    for program in cpp c static; do
        [ ! -x "$work/consumer_$program" ] || "$work/consumer_$program"
    done
    needs_no_blas "$work/consumer_cpp"
    needs_no_blas "$work/consumer_c"
    ;;
add-subdirectory)
    cmake -G Ninja -S "$here/add_subdirectory" -B "$work" -DACTIVATIONS="$source" -DACT_SIMD=OFF >"$work.log" 2>&1 ||
        { cat "$work.log" && exit 1; }
    cmake --build "$work" >"$work.log" 2>&1 || { cat "$work.log" && exit 1; }
    "$work/consumer"
    ;;
python)
    python=/usr/bin/python3 # the system's, which has the system's NumPy
    "$python" -c 'import numpy' 2>/dev/null || exit 77
    "$python" "$here/consumer.py" "$stage/moved/$libdir/libactivations.so"
    ;;
rust)
    command -v rustc >/dev/null || exit 77
    # shellcheck disable=SC2046
    rustc --edition 2021 -D warnings "$here/consumer.rs" -o "$work/consumer" \
        $(pkg-config --libs-only-L activations) $(pkg-config --libs-only-l activations)
    "$work/consumer"
    needs_no_blas "$work/consumer"
    ;;
example)
    # shellcheck disable=SC2046
    $cc -std=c11 -O2 "$source"/docs/examples/digits*.c -o "$work/digits" \
        $(pkg-config --cflags --libs activations openblas) -lm
    cd "$source"
    for threads in 1 2; do
        "$work/digits" --epochs 1 --no-times --threads $threads --report "$work/report-$threads.html" \
            >"$work/out-$threads.txt"
    done
    grep -q maxout "$work/out-1.txt"
    grep -q '<svg' "$work/report-1.html"
    # The same numbers for every number of threads.
    diff <(sed 's/report-[12]//g' "$work/out-1.txt") <(sed 's/report-[12]//g' "$work/out-2.txt")
    ;;
*)
    echo "unknown: $what"
    exit 1
    ;;
esac
