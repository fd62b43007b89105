#pragma once

#include "engine/repository_source.hpp"
#include "git/source.hpp"

namespace trueup::engine {

/// A repository that libgit2 reads, or a plain folder.
std::unique_ptr<RepositorySource> make_git_source(git::Source source, facts::KindRules kinds);

}  // namespace trueup::engine
