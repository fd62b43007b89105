#include "engine/loader.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "base/work_queue.hpp"
#include "engine/edited_source.hpp"
#include "facts/blob_rows.hpp"
#include "facts/extract/application_set_rows.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/suppressions.hpp"
#include "formats/path_join.hpp"

namespace trueup::engine {
namespace {

/// So many blobs are in memory together: their bytes while they are parsed, then their rows until they are stored.
constexpr std::size_t kWindow = 64;

std::string blob_key(const SnapshotFile& file, std::string_view kind, bool withheld) {
  std::string key = file.object_id + ' ';
  key += kind;
  // What a file carries is promised of its path.
  if (kind == facts::kCarrierKind) key += ' ' + file.path;
  if (withheld) key += " withheld";
  return key;
}

/// "charts/values.yaml: the reason", once where the reason begins with the path.
std::string said_of(const std::string& path, const std::string& reason) {
  return reason.starts_with(path) ? reason : path + ": " + reason;
}

/// Purposes of mentions that are patterns of paths.
bool is_pattern(std::string_view purpose) { return purpose == "path_filter" || purpose == "owner_pattern"; }
/// Patterns of one snapshot that match no file of a kind, and are tried on all the others.
constexpr std::size_t kMaxOpenPatterns = 1'000;

/// How deep pipelines of GitLab CI include each other: GitLab allows 150 files in all.
constexpr std::size_t kMaxIncludes = 150;

/// What stands for a folder that a document names: the file in it that makes it an action or a chart.
std::vector<std::string> faces_of(const std::string& path, std::string_view purpose) {
  if (purpose == "local_action") return {path, path + "/action.yml", path + "/action.yaml", path + "/Dockerfile"};
  if (purpose == "chart" || purpose == "application_source") return {path, path + "/Chart.yaml"};
  return {path};
}

}  // namespace

std::vector<Loader::Mention> Loader::mentions_in(const facts::BlobRows& rows) {
  std::vector<Mention> mentions;
  for (const auto& [local, mention] : rows.rows().path_mention) mentions.push_back({mention.relative_to == "file", mention.path, mention.purpose});
  return mentions;
}

Loader::Loader(facts::Store& store, const facts::KindRules& kinds, facts::TableSet wanted, const Withheld& withheld,
               const std::vector<FleetRepository>& repositories)
    : store_(store), kinds_(kinds), tables_(wanted), withheld_(withheld), trees_(repositories, withheld) {
  // Mentions decide which paths are members, whoever reads them.
  tables_.insert(facts::Table::path_mention);
  tables_.insert(facts::Table::suppression);
  tables_.insert(facts::Table::suppression_rule);
}

void Loader::read_blobs(RepositorySource& source, const std::vector<Wanted>& wanted) {
  // The rows own their text; the bytes are read again when a place is shown.
  struct Slot {
    std::string bytes;
    std::optional<facts::BlobRows> rows;
  };
  std::vector<Slot> slots(std::min(kWindow, wanted.size()));
  const auto read = [&](std::size_t i) {
    const Wanted& blob = wanted[i];
    Slot& slot = slots[i % kWindow];
    auto bytes = blob.unreadable ? Result<std::string>(*blob.unreadable) : source.read(blob.file);
    if (!bytes) {
      facts::BlobRows& rows = slot.rows.emplace(std::string_view{}, tables_);
      if (bytes.error().fault == Fault::over_limit) {
        facts::give_up(rows, {}, bytes.error().message);
      } else {
        rows.state = facts::BlobState::missing;
        rows.because = bytes.error().message;
      }
      return;
    }
    slot.bytes = std::move(*bytes);
    facts::BlobRows& rows = slot.rows.emplace(slot.bytes, tables_);
    const facts::Extractor* extractor = facts::find_extractor(blob.kind);
    if (blob.withheld) {
      rows.state = facts::BlobState::malformed;
      rows.because = "withheld";
    } else if (blob.kind == facts::kCarrierKind) {
      kinds_.carriers().extract(rows, blob.file.path);
      // A comment in a file that has no other kind is read here.
      if (rows.state == facts::BlobState::parsed && !blob.file.path.ends_with(".json") && facts::file_kind(blob.file.path, kinds_).empty())
        facts::add_suppressions(rows, facts::Comments::anywhere);
    } else if (extractor != nullptr) {
      extractor->extract(rows);
      if (rows.state == facts::BlobState::parsed) facts::add_suppressions(rows, extractor->comments);
    } else {
      rows.state = facts::BlobState::unread;
    }
  };
  const bool wants_sets = tables_.contains(facts::Table::application) || tables_.contains(facts::Table::application_set) ||
                          tables_.contains(facts::Table::application_set_spec) || tables_.contains(facts::Table::application_source);
  const auto store = [&](std::size_t i) {
    const Wanted& blob = wanted[i];
    Slot& slot = slots[i % kWindow];
    facts::BlobRows& rows = *slot.rows;
    auto mentions = mentions_in(rows);
    *blob.id = store_.add_blob(blob.file.object_id, blob.kind, std::move(rows));
    if (wants_sets && blob.kind == "yaml" && rows.state == facts::BlobState::parsed && facts::may_hold_application_sets(slot.bytes))
      set_blobs_.insert(*blob.id);
    if (!blob.unreadable) origins_.emplace(*blob.id, Origin{&source, blob.file});
    // What does not parse or hit a limit is a finding of pack document.
    if (rows.state == facts::BlobState::missing && !rows.because.empty()) notes_.push_back(said_of(blob.file.path, rows.because));
    if (!mentions.empty()) mentions_[*blob.id] = std::move(mentions);
    slot = {};
  };
  if (wanted.empty()) return;
  store_.begin();
  work_in_order(wanted.size(), kWindow, read, store);
  store_.commit();
}

void Loader::want(const SnapshotFile& file, bool withheld, const std::optional<Error>& unreadable, std::vector<Wanted>& wanted,
                  std::vector<Member>& members) {
  for (const std::string_view kind : facts::kinds_of(file.path, kinds_)) {
    const auto [blob, added] = blobs_.try_emplace(blob_key(file, kind, withheld), 0);
    if (added) wanted.push_back({file, kind, withheld, unreadable, &blob->second});
    members.push_back({file.path, kind, &blob->second});
  }
}

void Loader::add_matching(const std::string& pattern, const std::vector<Member>& members, std::vector<std::string>& paths) {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(1 << 20);
  const RE2 compiled(pattern, options);
  if (!compiled.ok()) return;
  for (const Member& member : members)
    if (member.kind == "yaml" && RE2::FullMatch(re2::StringPiece(member.path.data(), member.path.size()), compiled)) paths.emplace_back(member.path);
}

void Loader::read_included_pipelines(const std::string& slug, RepositorySource& source, std::vector<std::vector<Member>>& members_of) {
  constexpr std::string_view kPipeline = "gitlab_ci";
  for (std::size_t depth = 0; depth < kMaxIncludes; ++depth) {
    std::vector<Wanted> wanted;
    bool any = false;
    for (std::vector<Member>& members : members_of) {
      std::vector<std::string> included;
      for (const Member& member : members) {
        const auto mentions = member.kind == kPipeline ? mentions_.find(*member.blob) : mentions_.end();
        if (mentions == mentions_.end()) continue;
        for (const Mention& mention : mentions->second)
          if (mention.purpose == "gitlab_include") included.push_back(mention.path);
          else if (mention.purpose == "gitlab_include_pattern") add_matching(mention.path, members, included);
      }
      for (const std::string& path : included) {
        const auto member = std::ranges::lower_bound(members, path, {}, &Member::path);
        if (member == members.end() || member->path != path || member->kind != "yaml") continue;
        const auto origin = origins_.find(*member->blob);
        if (origin == origins_.end()) continue;  // it could not be read as what it was, and would not be now
        const bool withheld = withheld_.unreadable.contains({slug, member->path});
        const auto [blob, added] = blobs_.try_emplace(blob_key(origin->second.file, kPipeline, withheld), 0);
        if (added) wanted.push_back({origin->second.file, kPipeline, withheld, std::nullopt, &blob->second});
        member->kind = kPipeline;
        member->blob = &blob->second;
        any = true;
      }
    }
    if (!any) return;
    read_blobs(source, wanted);
  }
}

facts::BlobId Loader::path_blob(std::string_view kind) {
  const auto [known, added] = blobs_.try_emplace(' ' + std::string(kind), 0);
  if (added) known->second = store_.add_unread_blob("", kind);
  return known->second;
}

/// A set of files does not list the whole tree, so that a pattern matches something is shown by one path that it matches.
void Loader::find_witnesses(const RepositorySnapshot& snapshot, const std::vector<facts::FileSetMember>& members,
                            std::vector<std::pair<std::string, std::string_view>>& found) {
  std::vector<PathPattern*> open;
  for (const facts::FileSetMember& member : members) {
    const auto mentions = mentions_.find(member.blob);
    if (mentions == mentions_.end()) continue;
    for (const Mention& mention : mentions->second) {
      if (!is_pattern(mention.purpose)) continue;
      const auto [known, added] = patterns_.try_emplace(mention.path);
      PathPattern& pattern = known->second;
      if (added) {
        pattern.prefix = mention.path.substr(0, mention.path.find_first_of("*?+[\\"));
        if (pattern.prefix.size() < mention.path.size() && !pattern.prefix.empty()) pattern.prefix.pop_back();
        if (auto filter = formats::RefFilter::compile(mention.path)) pattern.filter = *std::move(filter);
      }
      if (!pattern.filter || open.size() >= kMaxOpenPatterns || std::ranges::find(open, &pattern) != open.end()) continue;
      auto at = std::ranges::lower_bound(members, pattern.prefix, {}, &facts::FileSetMember::path);
      while (at != members.end() && at->path.starts_with(pattern.prefix) && !pattern.matches(at->path)) ++at;
      if (at == members.end() || !at->path.starts_with(pattern.prefix)) open.push_back(&pattern);
    }
  }
  std::erase_if(open, [&](const PathPattern* pattern) {
    const bool is_there = !pattern->witness.empty() && snapshot.exists(pattern->witness);
    if (is_there) found.emplace_back(pattern->witness, "path");
    return is_there;
  });
  if (open.empty()) return;
  snapshot.for_each_path([&](std::string_view path) {
    std::erase_if(open, [&](PathPattern* pattern) {
      if (!pattern->matches(path)) return false;
      pattern->witness = path;
      found.emplace_back(path, "path");
      return true;
    });
  });
  for (const PathPattern* pattern : open) {
    std::string folder = pattern->prefix;
    if (folder.ends_with('/')) folder.pop_back();
    if (!folder.empty() && snapshot.leads_elsewhere(folder)) found.emplace_back(std::move(folder), "elsewhere");
  }
}

/// What ApplicationSets make hangs on the trees that their generators look into, and facts hang on blobs: so the same bytes are
/// read once more for each state of those trees, as members of a kind of their own.
void Loader::add_made_applications(const std::string& slug, RepositorySource& source, const std::shared_ptr<const RepositorySnapshot>& snapshot,
                                   const Point& point, std::vector<facts::FileSetMember>& members) {
  std::vector<facts::FileSetMember> made;
  for (const facts::FileSetMember& member : members) {
    const auto origin = set_blobs_.contains(member.blob) ? origins_.find(member.blob) : origins_.end();
    if (origin == origins_.end()) continue;
    const Origin known = origin->second;
    const auto bytes = known.source->read(known.file);
    if (!bytes) continue;
    facts::ApplicationSets sets(*bytes);
    if (sets.empty()) continue;
    if (made.empty()) trees_.stand_in(slug, source, snapshot, point);
    const std::string key = sets.expand(trees_);
    const auto [blob, added] = blobs_.try_emplace(blob_key(known.file, facts::kApplicationSetsKind, false) + ' ' + key, 0);
    if (added) {
      facts::BlobRows rows(*bytes, tables_);
      sets.add_rows(rows);
      auto mentions = mentions_in(rows);
      blob->second = store_.add_blob(known.file.object_id, facts::kApplicationSetsKind, std::move(rows));
      origins_.emplace(blob->second, known);
      if (!mentions.empty()) mentions_[blob->second] = std::move(mentions);
    }
    made.push_back({member.path, blob->second, facts::kApplicationSetsKind});
  }
  members.insert(members.end(), made.begin(), made.end());
  std::ranges::stable_sort(members, {}, &facts::FileSetMember::path);
}

void Loader::add_mentioned_paths(const RepositorySnapshot& snapshot, std::vector<facts::FileSetMember>& members) {
  // What lies behind a link or in a submodule may be there: a member too, of a kind that says so.
  std::vector<std::pair<std::string, std::string_view>> found;
  for (const facts::FileSetMember& member : members) {
    const auto mentions = mentions_.find(member.blob);
    if (mentions == mentions_.end()) continue;
    for (const Mention& mention : mentions->second) {
      if (is_pattern(mention.purpose)) continue;
      const auto path = formats::join_path(mention.relative_to_file ? formats::folder_of(member.path) : "", mention.path);
      if (!path) continue;
      for (std::string& face : faces_of(*path, mention.purpose)) {
        const bool exists = snapshot.exists(face);
        if (exists || snapshot.leads_elsewhere(face)) found.emplace_back(std::move(face), exists ? "path" : "elsewhere");
      }
    }
  }
  find_witnesses(snapshot, members, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  const auto by_path = [](const facts::FileSetMember& a, const facts::FileSetMember& b) { return a.path < b.path; };
  const std::size_t read = members.size();
  for (auto& [path, kind] : found) {
    facts::FileSetMember member{std::move(path), 0, kind};
    if (std::binary_search(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(read), member, by_path)) continue;
    member.blob = path_blob(kind);
    members.push_back(std::move(member));
  }
  std::inplace_merge(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(read), members.end(), by_path);
}

std::vector<Result<LoadedSnapshot>> Loader::load(facts::RepositoryId repository, const std::string& slug,
                                                 RepositorySource& source, const std::vector<Point>& points) {
  std::vector<Result<LoadedSnapshot>> loaded(points.size(), Result<LoadedSnapshot>(LoadedSnapshot{}));
  std::vector<std::shared_ptr<const RepositorySnapshot>> snapshots(points.size());
  std::vector<std::vector<Member>> members_of(points.size());
  std::vector<Wanted> wanted;
  std::map<std::string, std::size_t> first_of;  ///< points with a snapshot of their own, by commit
  const auto commit_of = [&](const Point& point) { return point.kind == PointKind::worktree ? "worktree" : point.commit_id; };
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!first_of.try_emplace(commit_of(points[i]), i).second) continue;
    if (const auto known = snapshots_.find({repository, &source, commit_of(points[i])}); known != snapshots_.end()) {
      loaded[i] = known->second;
      continue;
    }
    auto snapshot = source.snapshot(points[i]);
    if (!snapshot) {
      loaded[i] = std::move(snapshot).error();
      continue;
    }
    snapshots[i] = *snapshot;
    const auto withheld = [&](const std::string& path) {
      return !withheld_.unreadable.empty() && withheld_.unreadable.contains({slug, path});
    };
    for (const SnapshotFile& file : snapshots[i]->files()) want(file, withheld(file.path), std::nullopt, wanted, members_of[i]);
    for (const auto& [path, error] : snapshots[i]->problems()) {
      if (!facts::is_wanted(path, kinds_)) {
        notes_.push_back(slug + ": " + said_of(path, error.message));
        continue;
      }
      // A file without an id of its bytes is a member all the same, so that rules know of it: an unread one.
      want({path, "unread " + std::to_string(repository) + ' ' + path, true}, withheld(path), error, wanted, members_of[i]);
    }
    std::stable_sort(members_of[i].begin(), members_of[i].end(), [](const Member& a, const Member& b) { return a.path < b.path; });
  }
  read_blobs(source, wanted);
  read_included_pipelines(slug, source, members_of);

  store_.begin();
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!snapshots[i]) continue;
    std::vector<facts::FileSetMember> members;
    members.reserve(members_of[i].size());
    for (Member& member : members_of[i]) members.push_back({std::move(member.path), *member.blob, member.kind});
    if (!set_blobs_.empty()) add_made_applications(slug, source, snapshots[i], points[i], members);
    add_mentioned_paths(*snapshots[i], members);
    LoadedSnapshot result;
    result.file_set = store_.add_file_set(repository, members);
    const bool has_commit = points[i].kind != PointKind::worktree;
    result.snapshot = store_.add_snapshot(
        repository, has_commit ? std::optional<std::string_view>(points[i].commit_id) : std::nullopt,
        has_commit && points[i].committed_at != 0 ? std::optional(points[i].committed_at) : std::nullopt, result.file_set);
    snapshots_.emplace(std::tuple(repository, &source, std::string(commit_of(points[i]))), result);
    set_origins_.try_emplace(result.file_set, &source, points[i]);
    loaded[i] = result;
  }
  store_.commit();
  for (std::size_t i = 0; i < points.size(); ++i)
    if (const std::size_t first = first_of.at(commit_of(points[i])); first != i) loaded[i] = loaded[first];
  return loaded;
}

Result<LoadedSnapshot> Loader::load_edited(facts::RepositoryId repository, const std::string& slug, facts::FileSetId file_set,
                                           std::map<std::string, std::string> bytes_at) {
  const auto origin = set_origins_.find(file_set);
  if (origin == set_origins_.end()) return Error{Fault::not_found, "it cannot be read again"};
  const auto [source, point] = origin->second;
  edited_.push_back(make_edited_source(*source, std::move(bytes_at)));
  return load(repository, slug, *edited_.back(), {point}).front();
}

std::vector<Result<facts::FileSetId>> Loader::load_carriers(facts::RepositoryId repository, const std::string& slug, RepositorySource& source,
                                                            const std::vector<Point>& points,
                                                            const std::vector<std::vector<std::string>>& paths) {
  std::vector<Result<facts::FileSetId>> loaded;
  std::vector<std::vector<Member>> members_of(points.size());
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto files = source.files_at(points[i], paths[i]);
    if (!files) {
      loaded.emplace_back(std::move(files).error());
      continue;
    }
    loaded.emplace_back(facts::FileSetId{0});
    for (const SnapshotFile& file : *files) {
      const bool withheld = withheld_.unreadable.contains({slug, file.path});
      const auto [blob, added] = blobs_.try_emplace(blob_key(file, facts::kCarrierKind, withheld), 0);
      if (added) wanted.push_back({file, facts::kCarrierKind, withheld, std::nullopt, &blob->second});
      members_of[i].push_back({file.path, facts::kCarrierKind, &blob->second});
    }
    std::stable_sort(members_of[i].begin(), members_of[i].end(), [](const Member& a, const Member& b) { return a.path < b.path; });
  }
  read_blobs(source, wanted);
  store_.begin();
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!loaded[i] || members_of[i].empty()) continue;
    std::vector<facts::FileSetMember> members;
    // Tags that hold the same would share a set, and a place would name the wrong one of them.
    members.push_back({".git/refs/tags/" + points[i].name, path_blob("path"), "path"});
    for (Member& member : members_of[i]) members.push_back({std::move(member.path), *member.blob, member.kind});
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    const facts::FileSetId set = store_.add_file_set(repository, members);
    set_origins_.try_emplace(set, &source, points[i]);
    loaded[i] = set;
  }
  store_.commit();
  return loaded;
}

facts::FileId Loader::load_text(facts::RepositoryId stands_for, const std::string& path, const std::string& text,
                                const std::vector<ByteRange>& ranges, std::int64_t& first_span) {
  edited_.push_back(std::make_unique<MemorySource>("text", std::map<std::string, MemorySource::Files>{{"text", {{path, text}}}}, facts::KindRules{}));
  SnapshotFile file{path, "text " + sha256_hex(text).substr(0, 40)};
  facts::BlobRows rows(text, facts::TableSet{});
  for (const ByteRange range : ranges) (void)rows.span(range);
  first_span = store_.span_count() + 1;
  const facts::BlobId blob = store_.add_blob(file.object_id, "config", std::move(rows));
  file.object_id = sha256_hex(text).substr(0, 40);  // as MemorySource calls it
  origins_.emplace(blob, Origin{edited_.back().get(), file});
  const std::vector<facts::FileSetMember> members{{path, blob, "config"}};
  return store_.files_of(store_.add_file_set(stands_for, members)).first;
}

const Point* Loader::point_of(facts::FileSetId file_set) const {
  const auto origin = set_origins_.find(file_set);
  return origin == set_origins_.end() ? nullptr : &origin->second.second;
}

const SnapshotFile* Loader::snapshot_file(facts::FileId file) const {
  const auto origin = origins_.find(store_.file(file).blob);
  return origin == origins_.end() ? nullptr : &origin->second.file;
}

Result<std::string> Loader::bytes_of(facts::FileId file) {
  const auto origin = origins_.find(store_.file(file).blob);
  if (origin == origins_.end()) return Error{Fault::not_found, "no bytes are kept for this file"};
  return origin->second.source->read(origin->second.file);
}

}  // namespace trueup::engine
