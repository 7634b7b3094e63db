option(ACT_WERROR "Treat warnings as errors" OFF)
set(ACT_SANITIZE "" CACHE STRING "Sanitizers for the library and its tests, such as address,undefined")

# How every C file of this project is compiled, tests included.
function(act_compile_options target)
  set_target_properties(${target} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wconversion -Wshadow -Wundef -Wvla -Wwrite-strings -Wpointer-arith -Wcast-qual
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    $<$<BOOL:${ACT_WERROR}>:-Werror>
    -ffp-contract=off) # a product and a sum fuse where the source says so: the same bits on every machine
  if(ACT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${ACT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${ACT_SANITIZE})
  endif()
endfunction()
