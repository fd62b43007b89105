# Read by cpack for each kind of package: a tarball is unpacked anywhere, so nothing of it stands below /usr.
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_PACKAGING_INSTALL_PREFIX "/")
endif()
