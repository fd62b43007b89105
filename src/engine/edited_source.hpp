#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/repository_source.hpp"

namespace trueup::engine {

/// A repository as it would be with other bytes at some paths; all else is `source`, which must outlive it. Nothing is written.
std::unique_ptr<RepositorySource> make_edited_source(RepositorySource& source, std::map<std::string, std::string> bytes_at);

}  // namespace trueup::engine
