// Carries the precompiled headers.hpp, which the other programs of tests share.
