#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/span.hpp"
#include "facts/extract/carried_versions.hpp"
#include "formats/document.hpp"

namespace trueup::engine {

/// Where a member of a train carries the version.
struct TrainPlace {
  std::string file;              ///< path from the root; {name} stands for a part
  std::string pointer, pattern;  ///< as in facts::CarrierPlace
  ByteRange at;                  ///< of the pointer or pattern in the config
  friend bool operator==(const TrainPlace&, const TrainPlace&) = default;
};

/// What a member's releases are published as: `publishes: "npm:@acme/client"`.
struct TrainPackage {
  std::string ecosystem;  ///< npm, pypi, go, helm or oci
  std::string index;      ///< URL; empty of oci, and where nothing says it
  std::string package;    ///< its name there, of oci host/path; {name} stands for a part
  ByteRange at;
  friend bool operator==(const TrainPackage&, const TrainPackage&) = default;
};

/// A text of the config, and where it stands.
struct TrainText {
  std::string text;
  ByteRange at;
  friend bool operator==(const TrainText&, const TrainText&) = default;
};

/// Where the documents of each release are: a folder for each on a branch.
struct TrainDocs {
  std::string branch, folder;  ///< the folder with {version}
  ByteRange at;
  friend bool operator==(const TrainDocs&, const TrainDocs&) = default;
};

/// A repository of a train.
struct TrainMember {
  std::string slug;
  bool has_tags = true;   ///< false: `tag: none`
  std::string tag_shape;  ///< empty: the version alone, with or without v
  std::vector<TrainPlace> carries;
  ByteRange at;           ///< of its slug in the config
  std::vector<TrainPackage> publishes = {};
  std::vector<TrainText> files = {};   ///< paths with {version} that each release has
  std::vector<TrainPlace> lists = {};  ///< texts that name the train's repositories
  std::optional<TrainDocs> docs = {};
  friend bool operator==(const TrainMember&, const TrainMember&) = default;
};

/// One version over many repositories: `trains:` of trueup.yaml.
struct Train {
  std::string name;
  std::string source, since;  ///< may be empty
  std::vector<TrainMember> members;
  std::vector<std::pair<std::string, ByteRange>> images;  ///< host/path
  std::string changelog, compares;  ///< file of the source; "all" or empty
  ByteRange at, changelog_at;
  friend bool operator==(const Train&, const Train&) = default;
};

/// The config's text, so that what it promises has a place.
struct ConfigText {
  std::string repository;  ///< slug; empty: it stands in none
  std::string path, text;
};

/// Takes the trains out of the mapping `trains:`; what has another form than the config's schema is left out.
std::vector<Train> read_trains(const formats::Document& document, formats::NodeIndex trains);

/// What members carry, of all trains, each once: numbered from 1.
std::vector<facts::CarrierPlace> carrier_places(const std::vector<Train>& trains);
/// A file of each release as a place that carries nothing: {version} is what the paths differ in.
TrainPlace file_place(const TrainText& file);
/// The number of a place among them.
std::int64_t carrier_number(const std::vector<facts::CarrierPlace>& places, const TrainPlace& place);

/// What is wrong with a train that no schema says: a shape without {version}, a pattern that does not compile, {name} in a file
/// whose tags have none, a source that is no member. Empty: nothing.
struct TrainProblem {
  ByteRange at;
  std::string message;
};
std::vector<TrainProblem> problems_of(const std::vector<Train>& trains);

}  // namespace trueup::engine
