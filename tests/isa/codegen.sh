#!/bin/bash
# codegen.sh avx2|avx512 f32|f64 OBJECT...: every function of every elementwise kernel works on whole vectors and calls
# nothing but wide_<something> of the same file, out of line for parameters and angles that are seldom met, and, outside
# of loops, the loops past the cache their ends and these them. What would
# break it: a choice that became a branch, a function of libm, a loop that fell apart into scalars.
# Of those only wide_far_angle (simd/wide_sin.h), called where an angle is beyond 2^27, may go lane by lane.
set -eu
case $1 in
avx2) register=ymm ;;
avx512) register=zmm ;;
esac
case $2 in
f32) packed="ps" ;;
f64) packed="pd" ;;
esac
shift 2
files=0
for object in "$@"; do
    case $object in */act/*) ;; *) continue ;; esac
    files=$((files + 1))
    objdump -dr --no-show-raw-insn "$object" | awk -v file="${object##*/}" -v register="$register" -v packed="$packed" '
        function finish() {
            if (name == "" || name ~ /far_angle/) return
            functions++
            if (!vectors && !delegates) { print file ": " name " holds no " packed " operation on " register; bad++ }
        }
        /^[0-9a-f]+ <.*>:$/ { finish(); name = $2; vectors = delegates = 0; lines = 0; next }
        NF { lines++ }
        lines == 1 && $2 == "jmp" && $4 ~ /^<[a-z0-9_]+>$/ { delegates = 1 } # gcc folds equal functions
        $2 ~ /^j/ && $NF ~ /\.part\.[0-9]+>$/ { delegates = 1 } # gcc parts a function from its first test
        $2 ~ /^call/ && $4 ~ /^<wide_[a-z_]+[.>]/ { next }
        $2 ~ /^call/ && $4 ~ /^<(forward|backward_input|backward_output)[.>]/ && name ~ /_past_cache>/ { next }
        $2 ~ /^call/ && $4 ~ /^<(forward|input|output)_past_cache>/ { next }
        /R_X86_64_PLT/ || $2 ~ /^call/ { print file ": " name " " $0; bad++ }
        $2 ~ ("^v.*" packed "$") && $0 ~ (register "[0-9]") { vectors++ }
        name ~ /f16>/ && $2 ~ /^vp/ && $0 ~ (register "[0-9]") { vectors++ } # what only moves halves
        name ~ /^<words_/ && $2 ~ /^v(p|movdqu)/ && $0 ~ /ymm[0-9]/ { vectors++ } # in ymm whatever the set
        END { finish(); if (functions < 2) { print file ": only " functions + 0 " functions"; bad++ } exit bad > 0 }' ||
        failed=1
done
echo "$files files"
[ "$files" -gt 5 ] && [ -z "${failed:-}" ]
