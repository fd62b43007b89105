#include "engine/train.hpp"

#include <algorithm>

#include "formats/release_version.hpp"

namespace trueup::engine {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

class TrainReader {
 public:
  explicit TrainReader(const Document& document) : document_(document) {}

  Train read(NodeIndex node) const {
    Train train;
    train.name = key_of(node);
    train.at = key_span(node);
    train.source = text(node, "source");
    train.since = text(node, "since");
    for (const NodeIndex member : document_.children(document_.child(node, "repositories"))) train.members.push_back(read_member(member));
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

  TrainMember read_member(NodeIndex node) const {
    TrainMember member;
    member.slug = key_of(node);
    member.at = key_span(node);
    member.tag_shape = text(node, "tag");
    member.has_tags = member.tag_shape != "none";
    if (!member.has_tags) member.tag_shape.clear();
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
  for (const Train& train : trains)
    for (const TrainMember& member : train.members)
      for (const TrainPlace& place : member.carries)
        if (carrier_number(places, place) == 0)
          places.push_back({static_cast<std::int64_t>(places.size() + 1), place.file, place.pointer, place.pattern});
  return places;
}

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
