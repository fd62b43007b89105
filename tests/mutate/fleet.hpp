#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/report.hpp"
#include "engine/repository_source.hpp"
#include "engine/request.hpp"

namespace trueup::mutate {

/// A fleet of six repositories that agrees with itself: nothing is to be found in it.
struct Fleet {
  /// Slug -> branch -> path -> bytes. The default branch is main.
  std::map<std::string, std::map<std::string, engine::MemorySource::Files>> repositories;

  /// Texts that are put in place of others in what runs, which is else just what is declared.
  std::vector<std::pair<std::string, std::string>> live_edits;

  /// What charts of a registry are and hold, by repository and tag: as engine::CaseRegistry has it.
  std::map<std::pair<std::string, std::string>, engine::CaseRegistry::Chart> charts;

  /// The same as live_edits in the workspace that the stream processors are deployed to; what is `extra` runs there besides.
  std::vector<std::pair<std::string, std::string>> stream_edits;
  std::string extra_processor;
  bool no_workspace = false;
  std::vector<engine::EarlierCount> earlier;

  /// The same in the records of what is deployed of the roots of acme/infra; a commit of its main that came later changes this file.
  std::vector<std::pair<std::string, std::string>> deployment_edits;
  std::string changed_later;

  /// Makes what the forge holds another thing.
  std::function<void(std::map<std::string, engine::CaseForgeRepository>& told)> forge_edit;

  /// What stood in acme/deploy before the change at hand; with it the fleet is judged as a gate.
  engine::MemorySource::Files base;

  /// What the forge shows of acme/metastore besides: a release by its tag, a green run of a workflow (path, commit).
  std::vector<std::string> more_releases;
  std::vector<std::pair<std::string, std::string>> more_runs;

  /// A file of a default branch. `write` changes it on every branch that holds the same bytes.
  const std::string& read(const std::string& slug, const std::string& path) const;
  void write(const std::string& slug, const std::string& path, const std::string& bytes);
  /// Takes a file away on every branch.
  void remove(const std::string& slug, const std::string& path);
};

/// How many charts, workflows and senders a fleet has of each kind: the sites at which a fault can be put.
inline constexpr int kServices = 6;

/// The same seed gives the same bytes; seeds differ in line ends, quotes, comments and names.
Fleet clean_fleet(std::uint32_t seed);

/// Judges every branch's worlds with every built-in rule, against a registry that holds what the clean fleet names.
engine::Report judge(const Fleet& fleet);

}  // namespace trueup::mutate
