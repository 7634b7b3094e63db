# Installs the library, its headers, activations.pc and the CMake package activations::activations.
include(CMakePackageConfigHelpers)

set(targets activations)
if(ACT_BUILD_STATIC)
  list(APPEND targets activations_static)
endif()
install(TARGETS ${targets} EXPORT activations FILE_SET HEADERS)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/activations)
install(EXPORT activations NAMESPACE activations:: DESTINATION ${package_dir} FILE activations-targets.cmake)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/activations-config.cmake.in
  ${PROJECT_BINARY_DIR}/activations-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/activations-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/activations-config.cmake ${PROJECT_BINARY_DIR}/activations-config-version.cmake
  DESTINATION ${package_dir})

# The .pc finds its prefix from where it lies, so that an installed tree can be moved.
file(RELATIVE_PATH ACT_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
cmake_path(APPEND ACT_PC_LIBDIR "\${prefix}" ${CMAKE_INSTALL_LIBDIR})
cmake_path(APPEND ACT_PC_INCLUDEDIR "\${prefix}" ${CMAKE_INSTALL_INCLUDEDIR})
configure_file(${CMAKE_CURRENT_LIST_DIR}/activations.pc.in ${PROJECT_BINARY_DIR}/activations.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/activations.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
