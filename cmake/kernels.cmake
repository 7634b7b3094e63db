# Kernel files are compiled once for each instruction set and each compute type.
option(ACT_SIMD "Build kernels for this processor family's vector instruction sets beside the portable ones" ON)

set(ACT_SOURCE_DIR ${CMAKE_CURRENT_LIST_DIR}/..)

# Beside -ffp-contract=off (warnings.cmake):
set(ACT_KERNEL_OPTIONS
  $<$<NOT:$<CONFIG:Debug>>:-O3>
  -fno-math-errno      # fma and sqrt become instructions, not calls that may set errno
  $<$<C_COMPILER_ID:GNU>:-fschedule-insns> # or gcc leaves unrolled chains one after the other
  -fno-trapping-math   # or gcc does not turn a choice between two results into a blend
  -fno-lto)            # or code of one instruction set is merged into callers that must run without it

# Files with which gcc, under -fsched-pressure, keeps chains of float32 operations in registers (8 to 25 % faster) or
# sums (half as long); those of the second list gain only with AVX2's few registers. Others, those of wide numbers
# above all, get slower.
set(ACT_PRESSED act/celu act/quick_gelu act/selu act/sigmoid act/silu act/tanh)
set(ACT_PRESSED_avx2 act/elu act/gelu act/gelu_tanh act/lisht act/log_sigmoid act/mish act/scaled_tanh act/sin
  act/snake act/softplus act/swish act/tanh_shrink act/xielu slopes/slope_kernels)

set(ACT_ISAS portable)
if(ACT_SIMD AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    list(APPEND ACT_ISAS avx2 avx512)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    list(APPEND ACT_ISAS neon)
  endif()
endif()
if(avx2 IN_LIST ACT_ISAS) # processors fetch ahead of halves of a cache line further than of whole ones
  set_source_files_properties(${ACT_SOURCE_DIR}/src/stage_kernels.c PROPERTIES COMPILE_OPTIONS
    -mprefer-vector-width=256)
endif()
set(ACT_OPTIONS_avx2 -mavx2 -mfma -mf16c)
set(ACT_OPTIONS_avx512 -mf16c -mavx512f -mavx512dq -mavx512bw -mavx512vl)

# The elementwise kinds: the first column of kinds.def.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ACT_SOURCE_DIR}/src/kinds.def)
file(STRINGS ${ACT_SOURCE_DIR}/src/kinds.def rows REGEX "^ACT_ELEMENTWISE\\(")
list(TRANSFORM rows REPLACE "^ACT_ELEMENTWISE\\(([a-z0-9_]+).*" "\\1" OUTPUT_VARIABLE ACT_ELEMENTWISE_KINDS)

function(act_press files condition)
  list(TRANSFORM files REPLACE "(.+)" "${ACT_SOURCE_DIR}/src/\\1.c")
  set_source_files_properties(${files} PROPERTIES
    COMPILE_OPTIONS $<$<AND:$<C_COMPILER_ID:GNU>,${condition}>:-fsched-pressure>)
endfunction()

# Adds act_kernels_<isa>_f<bits>; sets ACT_KERNEL_OBJECTS to their objects and ACT_HAVE_DEFINITIONS to what tells
# dispatch which of them exist.
function(act_add_kernels)
  list(TRANSFORM ACT_ELEMENTWISE_KINDS REPLACE "(.+)" "${ACT_SOURCE_DIR}/src/act/\\1.c" OUTPUT_VARIABLE sources)
  act_press("${ACT_PRESSED}" 1)
  act_press("${ACT_PRESSED_avx2}" $<STREQUAL:$<TARGET_PROPERTY:ACT_ISA>,avx2>)
  list(APPEND sources ${ACT_SOURCE_DIR}/src/slopes/slope_kernels.c ${ACT_SOURCE_DIR}/src/types/convert_kernels.c
    ${ACT_SOURCE_DIR}/src/types/lookup_kernels.c ${ACT_SOURCE_DIR}/src/stage_kernels.c
    ${ACT_SOURCE_DIR}/src/crelu/crelu_kernels.c ${ACT_SOURCE_DIR}/src/maxout/maxout_kernels.c)
  foreach(isa IN LISTS ACT_ISAS)
    string(TOUPPER ${isa} ISA)
    foreach(bits 32 64)
      set(target act_kernels_${isa}_f${bits})
      add_library(${target} OBJECT ${sources})
      act_compile_options(${target})
      target_include_directories(${target} PRIVATE ${ACT_SOURCE_DIR}/src)
      target_compile_definitions(${target} PRIVATE ACT_ISA_${ISA} ACT_REAL=${bits})
      target_compile_options(${target} PRIVATE ${ACT_KERNEL_OPTIONS} ${ACT_OPTIONS_${isa}})
      set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON ACT_ISA ${isa})
      list(APPEND objects $<TARGET_OBJECTS:${target}>)
    endforeach()
    list(APPEND definitions ACT_HAVE_${ISA})
  endforeach()
  set(ACT_KERNEL_OBJECTS ${objects} PARENT_SCOPE)
  set(ACT_HAVE_DEFINITIONS ${definitions} PARENT_SCOPE)
endfunction()
