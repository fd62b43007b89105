#include "engine/load_trains.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "facts/train_rows.hpp"
#include "formats/release_version.hpp"
#include "formats/timestamp.hpp"

namespace trueup::engine {
namespace {

using formats::ReleaseVersion;
using formats::TagShape;

/// Questions about the history of one run: each may walk over all of it.
constexpr std::size_t kMaxAncestries = 20'000;

/// Stands for the config where it stands in no loaded repository; no row has this number.
constexpr facts::RepositoryId kNoRepository = 1'000'000'000;

std::string_view form_of(std::string_view file) {
  const std::string_view name = file.substr(file.rfind('/') + 1);
  if (name.ends_with(".json") || name.ends_with(".toml")) return "manifest";
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return "yaml";
  if (name.starts_with(".env") || name.ends_with(".env")) return "dotenv";
  return "text";
}

class TrainLoader {
 public:
  explicit TrainLoader(RunState& state) : state_(state), rows_(state.store), carriers_(carrier_places(state.request.trains)) {}

  void load() {
    place_config();
    for (const Train& train : state_.request.trains) add_train(train);
    rows_.finish();
  }

 private:
  /// One release tag of a member, before its files are read.
  struct Release {
    std::int64_t id = 0;
    Point point;
    std::string part, key;
    bool is_candidate = false;
  };

  /// Gives each promise its place in the config.
  void place_config() {
    std::vector<ByteRange> ranges;
    const auto note = [&](ByteRange range) {
      if (spans_.try_emplace(range, ranges.size()).second) ranges.push_back(range);
    };
    for (const Train& train : state_.request.trains) {
      note(train.at);
      note(train.changelog_at);
      for (const auto& [image, at] : train.images) note(at);
      for (const TrainMember& member : train.members) {
        note(member.at);
        for (const TrainPlace& place : member.carries) note(place.at);
        for (const TrainPlace& list : member.lists) note(list.at);
        for (const TrainPackage& package : member.publishes) note(package.at);
        for (const TrainText& file : member.files) note(file.at);
        if (member.docs) note(member.docs->at);
      }
    }
    const ConfigText& config = state_.request.config;
    facts::RepositoryId stands_for = kNoRepository;
    for (const LoadedRepository& repository : state_.repositories)
      if (!config.repository.empty() && repository.wanted->slug == config.repository) stands_for = repository.id;
    config_file_ = state_.loader->load_text(stands_for, config.path, config.text, ranges, first_span_);
  }

  std::int64_t place_of(ByteRange range) const {
    return config_file_ << 32 | (first_span_ + static_cast<std::int64_t>(spans_.at(range)));
  }

  void add_train(const Train& train) {
    const std::int64_t id = rows_.train(train.name, place_of(train.at), train.source, train.since);
    const auto since = ReleaseVersion::parse(train.since);
    for (const auto& [image, at] : train.images) rows_.image(id, place_of(at), image);
    if (!train.changelog.empty()) rows_.changelog(id, place_of(train.changelog_at), train.changelog, train.compares);
    for (const TrainMember& member : train.members) {
      const auto found = std::find_if(state_.repositories.begin(), state_.repositories.end(),
                                      [&](const LoadedRepository& each) { return each.wanted->slug == member.slug; });
      const LoadedRepository* repository = found != state_.repositories.end() && found->loaded ? &*found : nullptr;
      facts::TrainMemberRow row{id, place_of(member.at), member.slug, {}, member.slug == train.source, member.has_tags, member.tag_shape, "", ""};
      if (repository != nullptr) row.repository = repository->id;
      else row.because = found == state_.repositories.end() ? member.slug + " is not among `repositories:`" : member.slug + " is not loaded: " + found->because;
      const RepositoryTags* tags = repository != nullptr && member.has_tags ? &tags_of(*repository) : nullptr;
      if (tags != nullptr && !tags->complete) row.because = tags->because.empty() ? "some of its tags may not be loaded" : tags->because;
      row.state = (tags != nullptr && tags->complete) || (repository != nullptr && !member.has_tags) ? "listed" : "unknown";
      const std::int64_t member_id = rows_.member(row);
      std::vector<facts::CarriedPlace> places;
      for (const TrainPlace& place : member.carries) {
        const std::int64_t carrier = carrier_number(carriers_, place);
        places.push_back({rows_.place(id, member_id, place_of(place.at), place.file, place.pointer.empty() ? place.pattern : place.pointer, carrier,
                                      form_of(place.file)), carrier});
      }
      for (const TrainPackage& package : member.publishes) rows_.package(id, member_id, place_of(package.at), package.ecosystem, package.index, package.package);
      for (const TrainText& file : member.files) rows_.file(id, member_id, place_of(file.at), file.text, carrier_number(carriers_, file_place(file)));
      for (const TrainPlace& list : member.lists) rows_.list(id, member_id, place_of(list.at), list.file, carrier_number(carriers_, list));
      if (member.docs) rows_.docs(id, member_id, place_of(member.docs->at), member.docs->branch, member.docs->folder);
      if (tags != nullptr) add_releases(id, member_id, member, *repository, *tags, since ? since->key : "", places);
    }
  }

  struct RepositoryTags {
    std::vector<std::pair<std::int64_t, TagPoint>> tags;  ///< row in git_tag
    bool complete = true;
    std::string because;
  };

  const RepositoryTags& tags_of(const LoadedRepository& repository) {
    const auto [known, added] = tags_.try_emplace(repository.id);
    RepositoryTags& result = known->second;
    if (!added) return result;
    state_.progress("reading the tags of " + repository.wanted->slug);
    auto list = repository.wanted->source->tags();
    if (!list) {
      result.complete = false;
      result.because = list.error().message;
      return result;
    }
    const Withheld& withheld = state_.request.withheld;
    result.complete = list->complete && !withheld.heads_incomplete;
    result.because = list->because;
    for (TagPoint& tag : list->tags) {
      if (withheld.heads.contains({repository.wanted->slug, "refs/tags/" + tag.point.name})) continue;
      const std::string time = tag.tagged_at == 0 ? "" : formats::rfc3339_text(tag.tagged_at);
      const std::int64_t row = rows_.tag(repository.id, tag.point.name, tag.point.commit_id, tag.annotated, tag.message, time);
      result.tags.emplace_back(row, std::move(tag));
    }
    return result;
  }

  void add_releases(std::int64_t train, std::int64_t member_id, const TrainMember& member, const LoadedRepository& repository,
                    const RepositoryTags& tags, const std::string& since, const std::vector<facts::CarriedPlace>& places) {
    const auto shape = TagShape::parse(member.tag_shape.empty() ? "{version}" : member.tag_shape);
    if (!shape) return;
    std::vector<Release> releases;
    const std::set<std::string_view> moving = moving_tags(tags, *shape);
    for (const auto& [row, tag] : tags.tags) {
      const auto match = shape->match(tag.point.name);
      const auto version = match ? ReleaseVersion::parse(match->version) : std::nullopt;
      if (!version || version->final_key < since || moving.contains(tag.point.name)) continue;
      const std::string part(match->name);
      const std::int64_t id = rows_.release({train, member_id, row, tag.point.name, part, std::string(match->version), version->final_text,
                                             version->key, version->final_key, version->is_candidate});
      releases.push_back({id, tag.point, part, version->key, version->is_candidate});
    }
    read_carried(repository, member, releases, places);
    ask_ancestry(repository, releases);
  }

  /// Tags that move on with their line and are no release: v1.2 beside v1.2.0, or at the commit of v1.2.3. A 7.6 that 7.6.1 follows is one.
  static std::set<std::string_view> moving_tags(const RepositoryTags& tags, const TagShape& shape) {
    const auto numbers = [](std::string_view version) { return 1 + std::ranges::count(version, '.'); };
    std::set<std::string> zeros;                                   // lines that begin with X.Y.0
    std::set<std::pair<std::string, std::string>> at_commits;  // lines, and the commits of their releases
    const auto line_of = [](std::string_view name, std::string_view version) {
      const std::size_t first = version.find('.'), second = version.find('.', first + 1);
      return std::string(name) + '\n' + std::string(version.substr(0, second));
    };
    struct Short {
      std::string_view tag;
      std::string line, commit;
    };
    std::vector<Short> shorts;
    for (const auto& [row, tag] : tags.tags) {
      const auto match = shape.match(tag.point.name);
      const auto version = match ? ReleaseVersion::parse(match->version) : std::nullopt;
      if (!version || version->is_candidate) continue;
      const std::string line = line_of(match->name, version->final_text);
      if (numbers(version->final_text) == 2) {
        shorts.push_back({tag.point.name, line, tag.point.commit_id});
      } else {
        at_commits.emplace(line, tag.point.commit_id);
        if (version->final_text.ends_with(".0") && numbers(version->final_text) == 3) zeros.insert(line);
      }
    }
    std::set<std::string_view> moving;
    for (const Short& each : shorts)
      if (zeros.contains(each.line) || at_commits.contains({each.line, each.commit})) moving.insert(each.tag);
    return moving;
  }

  void read_carried(const LoadedRepository& repository, const TrainMember& member, const std::vector<Release>& releases,
                    const std::vector<facts::CarriedPlace>& places) {
    if (member.carries.empty() || releases.empty()) return;
    std::vector<Point> points;
    std::vector<std::vector<std::string>> paths;
    for (const Release& release : releases) {
      points.push_back(release.point);
      std::vector<std::string>& wanted = paths.emplace_back();
      for (const TrainPlace& place : member.carries) {
        std::string path = place.file;
        if (const std::size_t name = path.find("{name}"); name != std::string::npos) path.replace(name, 6, release.part);
        wanted.push_back(std::move(path));
      }
      std::sort(wanted.begin(), wanted.end());
      wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    }
    state_.progress("reading what the tags of " + repository.wanted->slug + " carry");
    const auto loaded = state_.loader->load_carriers(repository.id, repository.wanted->slug, *repository.wanted->source, points, paths);
    for (std::size_t i = 0; i < loaded.size(); ++i) {
      if (!loaded[i]) {
        state_.notes.push_back("tag " + points[i].name + " of " + repository.wanted->slug + ": " + loaded[i].error().message);
        continue;
      }
      if (*loaded[i] == 0) continue;
      state_.places->name_file_set(*loaded[i], points[i].name);
      const auto [first, last] = state_.store.files_of(*loaded[i]);
      for (facts::FileId file = first; file < last; ++file) {
        const facts::Store::File& stored = state_.store.file(file);
        if (stored.kind != facts::kCarrierKind) continue;
        const bool unread = state_.store.blob_state(stored.blob) != facts::BlobState::parsed;
        for (std::size_t p = 0; p < places.size(); ++p)
          if (unread && facts::part_of_path(member.carries[p].file, stored.path))
            rows_.unread(releases[i].id, places[p].row, file << 32, stored.path, state_.store.blob_because(stored.blob));
        if (!unread) rows_.carried(releases[i].id, stored.blob, file, stored.path, places);
      }
    }
  }

  /// Asked of neighbours only, release by release: whether each tag descends from the one before it.
  void ask_ancestry(const LoadedRepository& repository, std::vector<Release>& releases) {
    std::sort(releases.begin(), releases.end(), [](const Release& a, const Release& b) { return std::tie(a.part, a.key, a.point.name) < std::tie(b.part, b.key, b.point.name); });
    const Release* before = nullptr;
    for (const Release& release : releases) {
      if (release.is_candidate) continue;
      // Of several tags of one release the first by name stands for it, as in the view first_tag.
      if (before != nullptr && before->part == release.part && before->key == release.key) continue;
      if (before != nullptr && before->part == release.part && before->point.commit_id != release.point.commit_id) {
        const AncestryReading answer = ++ancestries_ > kMaxAncestries
                                           ? AncestryReading{"unknown", "trueup asks no more than 20,000 times for ancestors"}
                                           : repository.wanted->source->ancestry(before->point.commit_id, release.point.commit_id);
        rows_.ancestry(repository.id, before->point.commit_id, release.point.commit_id, answer.state, answer.because);
      }
      before = &release;
    }
  }

  RunState& state_;
  facts::TrainRows rows_;
  std::vector<facts::CarrierPlace> carriers_;
  std::map<ByteRange, std::size_t> spans_;
  std::map<facts::RepositoryId, RepositoryTags> tags_;
  facts::FileId config_file_ = 0;
  std::int64_t first_span_ = 0;
  std::size_t ancestries_ = 0;
};

}  // namespace

bool reads_trains(const std::set<std::string_view>& tables) {
  constexpr std::array<std::string_view, 13> kFilled = {"train",       "train_member", "train_place", "train_image", "train_changelog", "train_package", "train_file",
                                                        "train_docs", "train_list",   "git_tag",     "ancestry",    "release_tag",     "tag_carried"};
  return std::any_of(kFilled.begin(), kFilled.end(), [&](std::string_view table) { return tables.contains(table); });
}

void load_trains(RunState& state) {
  if (!state.request.trains.empty() && state.trains_wanted) TrainLoader(state).load();
}

}  // namespace trueup::engine
