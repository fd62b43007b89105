# Replaces what the imported targets link by archives (TRUEUP_STATIC). A library of which there is no archive stays shared.

# The archive of a library, or the shared one where there is none.
function(trueup_archive result name)
  find_library(TRUEUP_ARCHIVE_${name} NAMES "lib${name}.a" "${name}")
  if(NOT TRUEUP_ARCHIVE_${name})
    message(FATAL_ERROR "TRUEUP_STATIC: neither lib${name}.a nor lib${name}.so is there")
  endif()
  set(${result} "${TRUEUP_ARCHIVE_${name}}" PARENT_SCOPE)
endfunction()

# trueup_link_archives(TARGET NAMES...): in the order in which each needs those after it.
function(trueup_link_archives target)
  set(files)
  foreach(name IN LISTS ARGN)
    trueup_archive(file ${name})
    list(APPEND files "${file}")
  endforeach()
  set_property(TARGET ${target} PROPERTY INTERFACE_LINK_LIBRARIES "${files}")
endfunction()

trueup_link_archives(PkgConfig::LIBYAML yaml)
trueup_link_archives(PkgConfig::RE2 ${RE2_STATIC_LIBRARIES})
list(REMOVE_ITEM LIBGIT2_STATIC_LIBRARIES rt)
# libgit2.pc leaves out what its authentication by Kerberos calls, and that its libssh2 calls libcrypto.
find_library(TRUEUP_GSSAPI NAMES gssapi_krb5 libgssapi_krb5.so.2)
if(NOT TRUEUP_GSSAPI)
  message(FATAL_ERROR "TRUEUP_STATIC: libgssapi_krb5 is missing (package libgssapi-krb5-2)")
endif()
trueup_link_archives(PkgConfig::LIBGIT2 ${LIBGIT2_STATIC_LIBRARIES} crypto)
set_property(TARGET PkgConfig::LIBGIT2 APPEND PROPERTY INTERFACE_LINK_LIBRARIES "${TRUEUP_GSSAPI}")
# Debian has no archive of fmt, whose headers can stand for it.
set_property(TARGET PkgConfig::FMT PROPERTY INTERFACE_LINK_LIBRARIES "")
set_property(TARGET PkgConfig::FMT PROPERTY INTERFACE_COMPILE_DEFINITIONS FMT_HEADER_ONLY)
# These two are imported with the file that they are: another one takes its place.
trueup_archive(TRUEUP_SQLITE3_ARCHIVE sqlite3)
set_target_properties(SQLite::SQLite3 PROPERTIES IMPORTED_LOCATION "${TRUEUP_SQLITE3_ARCHIVE}")
trueup_archive(TRUEUP_CRYPTO_ARCHIVE crypto)
set_target_properties(OpenSSL::Crypto PROPERTIES IMPORTED_LOCATION "${TRUEUP_CRYPTO_ARCHIVE}")

# What is linked in is nobody else's: the libraries that libcurl brings must not find our libcrypto in place of theirs.
# The program answers one question of libgit2's in place of mbedTLS (git/libgit.cpp): of two answers the first counts, ours.
add_link_options(-static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL -Wl,--gc-sections -Wl,-z,muldefs)
