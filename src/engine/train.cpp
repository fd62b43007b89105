#include "engine/train.hpp"

#include <algorithm>
#include <array>

#include "formats/release_version.hpp"

namespace trueup::engine {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::string_view kVersion = "{version}", kName = "{name}";
constexpr std::array<std::string_view, 5> kEcosystems = {"go", "helm", "npm", "oci", "pypi"};
/// Where packages are looked up unless `indexes:` says otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPublicIndexes = {
    {{"npm", "https://registry.npmjs.org"}, {"pypi", "https://pypi.org/simple"}, {"go", "https://proxy.golang.org"}}};

class TrainReader {
 public:
  explicit TrainReader(const Document& document) : document_(document) {}

  Train read(NodeIndex node) const {
    Train train;
    train.name = key_of(node);
    train.at = key_span(node);
    train.source = text(node, "source");
    train.since = text(node, "since");
    const Indexes indexes = read_indexes(document_.child(node, "indexes"));
    for (const NodeIndex member : document_.children(document_.child(node, "repositories"))) train.members.push_back(read_member(member, indexes));
    for (const NodeIndex image : document_.children(document_.child(node, "images")))
      if (const auto name = document_.text(image)) train.images.emplace_back(*name, document_[document_.resolved(image)].span);
    const NodeIndex changelog = document_.child(node, "changelog");
    train.changelog = text(changelog, "file");
    train.compares = text(changelog, "compares");
    if (const NodeIndex file = document_.resolved(document_.child(changelog, "file")); file != kNoNode) train.changelog_at = document_[file].span;
    return train;
  }

 private:
  std::string text(NodeIndex mapping, std::string_view key) const {
    return std::string(document_.text(document_.child(mapping, key)).value_or(""));
  }
  std::string key_of(NodeIndex value) const { return std::string(document_[document_[value].key].value); }
  ByteRange key_span(NodeIndex value) const { return document_[document_[value].key].span; }

  /// "npm", "npm:@acme/*" -> URL.
  using Indexes = std::vector<std::pair<std::string, std::string>>;

  Indexes read_indexes(NodeIndex mapping) const {
    Indexes indexes;
    for (const NodeIndex value : document_.children(mapping)) indexes.emplace_back(key_of(value), document_.text(value).value_or(""));
    for (const auto& [ecosystem, url] : kPublicIndexes) indexes.emplace_back(ecosystem, url);
    return indexes;
  }

  /// Of the entries for a package the one that says most about its name; of equal ones the first.
  static std::string index_of(const Indexes& indexes, const std::string& ecosystem, const std::string& package) {
    const std::string whole = ecosystem + ':' + package;
    const std::pair<std::string, std::string>* best = nullptr;
    for (const auto& entry : indexes) {
      const std::string& key = entry.first;
      const bool fits = key.ends_with('*') ? whole.starts_with(std::string_view(key).substr(0, key.size() - 1)) : key == whole || key == ecosystem;
      if (fits && (best == nullptr || key.size() > best->first.size())) best = &entry;
    }
    return best == nullptr ? "" : best->second;
  }

  /// Calls `read` with the node of a text, or with each of a list.
  template <typename Read>
  void each_text(NodeIndex node, Read read) const {
    node = document_.resolved(node);
    if (document_.text(node)) return read(node);
    for (const NodeIndex each : document_.children(node)) read(document_.resolved(each));
  }

  TrainMember read_member(NodeIndex node, const Indexes& indexes) const {
    TrainMember member;
    member.slug = key_of(node);
    member.at = key_span(node);
    member.tag_shape = text(node, "tag");
    member.has_tags = member.tag_shape != "none";
    if (!member.has_tags) member.tag_shape.clear();
    each_text(document_.child(node, "publishes"), [&](NodeIndex each) {
      const std::string said(document_.text(each).value_or(""));
      const std::size_t colon = std::min(said.find(':'), said.size());
      TrainPackage package{said.substr(0, colon), "", said.substr(std::min(colon + 1, said.size())), document_[each].span};
      if (package.ecosystem != "oci") package.index = index_of(indexes, package.ecosystem, package.package);
      member.publishes.push_back(std::move(package));
    });
    each_text(document_.child(node, "files"), [&](NodeIndex each) { member.files.push_back({std::string(document_.text(each).value_or("")), document_[each].span}); });
    for (const NodeIndex list : document_.children(document_.child(node, "lists"))) {
      const NodeIndex match = document_.resolved(document_.child(list, "match"));
      if (match != kNoNode) member.lists.push_back({text(list, "file"), "", std::string(document_.text(match).value_or("")), document_[match].span});
    }
    if (const NodeIndex docs = document_.child(node, "docs"); docs != kNoNode) {
      const std::string branch = text(docs, "branch"), folder = text(docs, "folder");
      member.docs = {branch.empty() ? "gh-pages" : branch, folder.empty() ? "{version}" : folder, key_span(docs)};
    }
    for (const NodeIndex carrier : document_.children(document_.child(node, "carries"))) {
      const std::string file = text(carrier, "file"), pattern = text(carrier, "match");
      const NodeIndex at = document_.resolved(document_.child(carrier, "at"));
      const NodeIndex match = document_.resolved(document_.child(carrier, "match"));
      if (at == kNoNode && match != kNoNode) member.carries.push_back({file, "", pattern, document_[match].span});
      if (const auto pointer = document_.text(at)) member.carries.push_back({file, std::string(*pointer), pattern, document_[at].span});
      else
        for (const NodeIndex each : document_.children(at))
          member.carries.push_back({file, std::string(document_.text(each).value_or("")), pattern, document_[document_.resolved(each)].span});
    }
    return member;
  }

  const Document& document_;
};

}  // namespace

std::vector<Train> read_trains(const Document& document, NodeIndex trains) {
  std::vector<Train> result;
  const TrainReader reader(document);
  for (const NodeIndex train : document.children(trains)) result.push_back(reader.read(train));
  return result;
}

std::vector<facts::CarrierPlace> carrier_places(const std::vector<Train>& trains) {
  std::vector<facts::CarrierPlace> places;
  const auto add = [&](const TrainPlace& place) {
    if (carrier_number(places, place) == 0) places.push_back({static_cast<std::int64_t>(places.size() + 1), place.file, place.pointer, place.pattern});
  };
  for (const Train& train : trains)
    for (const TrainMember& member : train.members) {
      for (const TrainPlace& place : member.carries) add(place);
      for (const TrainPlace& list : member.lists) add(list);
      for (const TrainText& file : member.files) add(file_place(file));
    }
  return places;
}

TrainPlace file_place(const TrainText& file) {
  TrainPlace place{file.text, "", std::string(facts::kNothing), file.at};
  if (const std::size_t at = place.file.find(kVersion); at != std::string::npos) place.file.replace(at, kVersion.size(), kName);
  return place;
}

namespace {

/// What is wrong with what a member publishes and keeps, beside what it carries.
void add_problems_of(const TrainMember& member, bool has_name, std::vector<TrainProblem>& problems) {
  for (const TrainPackage& package : member.publishes) {
    const std::string said = package.ecosystem + ':' + package.package;
    if (std::find(kEcosystems.begin(), kEcosystems.end(), package.ecosystem) == kEcosystems.end() || package.package.empty())
      problems.push_back({package.at, "what a repository publishes is said as npm:NAME, pypi:NAME, go:MODULE, helm:CHART or oci:HOST/PATH"});
    else if (package.index.empty() && package.ecosystem != "oci")
      problems.push_back({package.at, "`" + said + "`: say where with `indexes: {" + package.ecosystem + ": https://…}` in the train"});
    if (package.package.find(kName) != std::string::npos && !has_name)
      problems.push_back({package.at, "`" + said + "` has {name}, and the tags (`tag:`) have none"});
  }
  for (const TrainText& file : member.files) {
    const std::size_t at = file.text.find(kVersion);
    if (at == std::string::npos || file.text.find(kVersion, at + 1) != std::string::npos || file.text.find(kName) != std::string::npos)
      problems.push_back({file.at, "`" + file.text + "`: a file of each release has {version} in its path, once"});
  }
  if (member.docs && member.docs->folder.find(kVersion) == std::string::npos)
    problems.push_back({member.docs->at, "`folder: " + member.docs->folder + "` does not hold {version}"});
  for (const TrainPlace& list : member.lists)
    if (auto compiled = facts::CarriedVersions::compile({{1, list.file, "", list.pattern}}); !compiled)
      problems.push_back({list.at, compiled.error().message});
}

}  // namespace

std::int64_t carrier_number(const std::vector<facts::CarrierPlace>& places, const TrainPlace& place) {
  const auto found = std::find_if(places.begin(), places.end(), [&](const facts::CarrierPlace& known) {
    return known.file == place.file && known.pointer == place.pointer && known.pattern == place.pattern;
  });
  return found == places.end() ? 0 : found->number;
}

std::vector<TrainProblem> problems_of(const std::vector<Train>& trains) {
  std::vector<TrainProblem> problems;
  for (const Train& train : trains) {
    const auto is_source = [&](const TrainMember& member) { return member.slug == train.source; };
    if (!train.source.empty() && std::none_of(train.members.begin(), train.members.end(), is_source))
      problems.push_back({train.at, "the source " + train.source + " is none of the train's repositories; name it there too"});
    if (!train.since.empty() && !formats::ReleaseVersion::parse(train.since))
      problems.push_back({train.at, "`since: " + train.since + "` is no version"});
    for (const TrainMember& member : train.members) {
      const auto shape = formats::TagShape::parse(member.tag_shape.empty() ? "{version}" : member.tag_shape);
      if (!shape) problems.push_back({member.at, "`tag: " + member.tag_shape + "` does not hold {version}; a repository without tags has `tag: none`"});
      add_problems_of(member, shape && shape->has_name(), problems);
      if (is_source(member) && !member.has_tags) problems.push_back({member.at, "the source of a train has tags"});
      for (const TrainPlace& place : member.carries) {
        if (place.pointer.empty() && place.pattern.empty())
          problems.push_back({place.at, "what " + place.file + " carries is said by `at:` (a JSON pointer) or `match:` (a pattern)"});
        if (!place.pointer.empty() && !place.pointer.starts_with('/'))
          problems.push_back({place.at, "`" + place.pointer + "` is no JSON pointer, which begins with /"});
        if (auto compiled = facts::CarriedVersions::compile({{1, place.file, place.pointer, place.pattern}}); !compiled)
          problems.push_back({place.at, compiled.error().message});
        if (place.file.find("{name}") != std::string::npos && shape && !shape->has_name())
          problems.push_back({place.at, place.file + " has {name}, and the tags (`tag:`) have none"});
      }
    }
  }
  return problems;
}

}  // namespace trueup::engine
