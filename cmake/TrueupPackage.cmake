# What is installed, and the packages that `cpack` makes of it: a tarball, and a .deb for Debian 12, Ubuntu 24.04 and later.

include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packing wants the program, not the tests
install(TARGETS trueup RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md" DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/schema" DESTINATION ${CMAKE_INSTALL_DATADIR}/trueup)

string(TOLOWER "${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}" TRUEUP_PLATFORM)
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_VENDOR trueup)
set(CPACK_PACKAGE_CONTACT "trueup <trueup@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "Reads what the repositories of a fleet declare and what registries hold, and says which bytes disagree.")
set(CPACK_PACKAGE_FILE_NAME "trueup-${PROJECT_VERSION}-${TRUEUP_PLATFORM}")
set(CPACK_STRIP_FILES ON)
# Makes the .deb's figures and the modes the same, whoever builds it with whatever umask.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# libcurl is loaded by its name when a server is asked; git fetches. Ubuntu 24.04 calls libcurl anew.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4 | libcurl4t64")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git, ca-certificates")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SOURCE_IGNORE_FILES "/build;/\\\\.git/")
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/TrueupPackEach.cmake")
include(CPack)
