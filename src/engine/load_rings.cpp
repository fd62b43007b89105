#include "engine/load_rings.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "base/text.hpp"
#include "facts/readings.hpp"
#include "facts/row_writer.hpp"
#include "formats/path_glob.hpp"
#include "formats/timestamp.hpp"
#include "git/glob.hpp"

namespace trueup::engine {
namespace {

using facts::Cell;
using facts::cell;

/// Rings of one repository that are looked at, and files of one that are compared line by line.
constexpr std::size_t kMaxRings = 1'000, kMaxChanges = 200;

/// Stands for the config where it stands in no loaded repository; no row has this number.
constexpr facts::RepositoryId kNoRepository = 1'000'000'001;

std::string pointer_of(std::string_view dotted) {
  if (dotted.empty() || dotted.starts_with('/')) return std::string(dotted);
  return '/' + replace_all(replace_all(replace_all(dotted, "~", "~0"), "/", "~1"), ".", "/");
}

/// A glob of refs as an expression without anchors.
std::string expression_of(std::string_view glob) {
  std::string out;
  for (const char c : glob) {
    if (c == '*') out += "[^:@]*";
    else if (c == '?') out += "[^/:@]";
    else out += RE2::QuoteMeta(re2::StringPiece(&c, 1));
  }
  return out;
}

/// A glob of paths whose last `*` is the cohort's name: cohorts/*.json.
std::string cohort_expression(const std::string& glob) {
  const std::size_t name = glob.find_last_of('*');
  std::string out = "^";
  for (std::size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    const bool many = c == '*' && i + 1 < glob.size() && glob[i + 1] == '*';
    if (many) ++i;
    if (c == '*') out += std::string(i == name ? "(" : "") + (many ? ".*" : "[^/]*") + (i == name ? ")" : "");
    else if (c == '{' || c == '}' || c == ',') out += c == '{' ? "(?:" : c == '}' ? ")" : "|";
    else if (c == '?') out += "[^/]";
    else out += RE2::QuoteMeta(re2::StringPiece(&c, 1));
  }
  return out + "$";
}

/// cohort:<source>:<key>:<value> with groups; a part ends at the text behind it.
std::string label_expression(const std::string& form) {
  std::string out = "^";
  for (std::size_t i = 0; i < form.size();) {
    const std::size_t end = form[i] == '<' ? form.find('>', i) : std::string::npos;
    if (end == std::string::npos) {
      out += RE2::QuoteMeta(re2::StringPiece(&form[i++], 1));
      continue;
    }
    const std::string stop = end + 1 < form.size() ? "[^" + RE2::QuoteMeta(re2::StringPiece(&form[end + 1], 1)) + "]*" : ".+";
    const std::string name = form.substr(i + 1, end - i - 1);
    out += (name == "source" || name == "key" || name == "value" ? "(?P<" + name + ">" : std::string("(?:")) + stop + ")";
    i = end + 1;
  }
  for (const char* name : {"source", "key", "value"})
    if (out.find("(?P<" + std::string(name) + ">") == std::string::npos) out += "(?P<" + std::string(name) + ">)";
  return out + "$";
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class RingLoader {
 public:
  explicit RingLoader(RunState& state) : state_(state), promise_(*state.request.ring) {}

  void load() {
    place_config();
    add_promise();
    for (const RingService& service : promise_.services) add_service(service);
  }

 private:
  void place_config() {
    std::vector<ByteRange> ranges;
    const auto note = [&](ByteRange range) {
      if (spans_.try_emplace(range, ranges.size()).second) ranges.push_back(range);
    };
    for (const ByteRange range : {promise_.at, promise_.label.at, promise_.cohorts.at}) note(range);
    for (const auto* list : {&promise_.sources, &promise_.keys, &promise_.test_cohorts, &promise_.cohort_order, &promise_.not_delivered})
      for (const PlacedText& each : *list) note(each.at);
    for (const RingPromise::Sync& each : promise_.sync) note(each.branch.at);
    for (const RingService& each : promise_.services)
      for (const ByteRange range : {each.name.at, each.image.at, each.twin.at, each.replicas_at}) note(range);
    const ConfigText& config = state_.request.config;
    facts::RepositoryId stands_for = kNoRepository;
    for (const LoadedRepository& repository : state_.repositories)
      if (!config.repository.empty() && repository.wanted->slug == config.repository) stands_for = repository.id;
    config_file_ = state_.loader->load_text(stands_for, config.path, config.text, ranges, first_span_);
  }

  std::int64_t place_of(ByteRange range) const { return config_file_ << 32 | (first_span_ + static_cast<std::int64_t>(spans_.at(range))); }

  const LoadedRepository* find(std::string_view slug) const {
    const auto found = std::ranges::find_if(state_.repositories, [&](const LoadedRepository& each) { return equal_ignoring_ascii_case(each.wanted->slug, slug); });
    return found == state_.repositories.end() ? nullptr : &*found;
  }
  static Cell id_of(const LoadedRepository* repository) { return repository == nullptr ? Cell() : Cell(repository->id); }

  void add_promise() {
    const std::string slug = promise_.cohorts.text.substr(0, promise_.cohorts.text.find(':')), glob = cohort_glob(promise_);
    const std::string& form = promise_.label.text;
    facts::Store& store = state_.store;
    const std::string prefix = promise_.branches.substr(0, promise_.branches.find_first_of("*?["));
    facts::add_row(store, "ring_promise",
                   {place_of(promise_.at), place_of(promise_.label.at), place_of(promise_.cohorts.at), cell(slug), id_of(find(slug)), cell(glob),
                    cell(cohort_expression(glob)), cell(promise_.branches), cell(prefix), cell(form), cell(form.substr(0, form.find('<'))),
                    cell(form.empty() ? "" : label_expression(form)), cell(promise_.limit), cell(promise_.behind), cell(promise_.behind_commits),
                    cell(promise_.pull_request_within), cell(promise_.label_within), cell(promise_.delete_within), cell(promise_.clean_up_within),
                    cell(promise_.pushes_most), cell(promise_.sync_delay), cell(promise_.sync_time), cell(promise_.replica_time), cell(promise_.rollout_least),
                    cell(promise_.rollout_most), cell(promise_.triggered), cell(promise_.reported), cell(promise_.succeeded)});
    const auto terms = [&](const char* kind, const std::vector<PlacedText>& list) {
      std::int64_t position = 0;
      for (const PlacedText& each : list) facts::add_row(store, "ring_term", {std::string(kind), position++, each.text, place_of(each.at)});
    };
    terms("source", promise_.sources);
    terms("key", promise_.keys);
    terms("test_cohort", promise_.test_cohorts);
    terms("cohort_order", promise_.cohort_order);
    terms("not_delivered", promise_.not_delivered);
    for (const RingPromise::Sync& each : promise_.sync)
      facts::add_row(store, "ring_sync", {each.slug, id_of(find(each.slug)), each.branch.text, place_of(each.branch.at)});
  }

  /// The repository that the rings of a service are branches of: as said, else the chart's publisher, else the only one besides the
  /// cohorts'.
  std::string slug_of(const RingService& service) const {
    if (!service.slug.empty()) return service.slug;
    for (const auto& [chart, owner] : state_.request.chart.owners)
      if (chart == service.name.text) return owner;
    const std::string cohorts = promise_.cohorts.text.substr(0, promise_.cohorts.text.find(':'));
    std::string only;
    for (const LoadedRepository& each : state_.repositories) {
      if (each.wanted->slug == cohorts) continue;
      if (!only.empty()) return "";
      only = each.wanted->slug;
    }
    return only;
  }

  void add_service(const RingService& service) {
    const std::string slug = slug_of(service);
    const LoadedRepository* repository = slug.empty() ? nullptr : find(slug);
    const std::string image_path = pointer_of(service.image.text);
    std::string twin_path, twin_application = service.twin_application;
    for (const RingService& other : promise_.services) {
      if (service.twin.text.empty() || other.name.text != service.twin.text) continue;
      twin_path = pointer_of(other.image.text);
      if (twin_application.empty()) twin_application = other.application;
    }
    // The twin's values stand below its own name as the service's do below its own.
    const std::string first = image_path.substr(0, image_path.find('/', 1));
    if (twin_path.empty() && !service.twin.text.empty() && first == '/' + service.name.text) twin_path = pointer_of(service.twin.text) + image_path.substr(first.size());
    const std::string application = service.application.empty() ? "{tenant}" : service.application;
    const std::string branch = promise_.branches.empty() ? "[^/:@]+" : expression_of(promise_.branches);
    std::string pattern = "(?:^|[/_-])(" + branch + ")$";
    if (const std::size_t hole = service.image_name.find("{branch}"); hole != std::string::npos)
      pattern = "^" + RE2::QuoteMeta(service.image_name.substr(0, hole)) + "(" + branch + ")" + RE2::QuoteMeta(service.image_name.substr(hole + 8)) + "$";
    static const RE2 kCommit(R"((.*)\{commit(?::(\d+))?\}(.*))");
    std::string before, digits, after;
    if (!RE2::FullMatch(service.tag, kCommit, &before, &digits, &after)) digits = "7";
    const auto count = std::clamp<std::int64_t>(digits.empty() ? 40 : std::strtol(digits.c_str(), nullptr, 10), 1, 40);
    facts::add_row(state_.store, "ring_service",
                   {service.name.text, place_of(service.name.at), cell(slug), id_of(repository), cell(image_path), place_of(service.image.at),
                    cell(service.twin.text), cell(twin_path), place_of(service.twin.at), application, twin_application.empty() ? application : twin_application,
                    cell(service.build), cell(service.release), cell(service.clean_up), std::int64_t{service.keeps_merged}, cell(service.image_name), pattern, before,
                    count, after, cell(service.replicas), place_of(service.replicas_at)});
    if (repository != nullptr && repository->loaded && !promise_.branches.empty() && read_.insert(repository->id).second) add_rings(*repository);
  }

  void add_rings(const LoadedRepository& repository) {
    state_.progress("reading the rings of " + repository.wanted->slug);
    RepositorySource& source = *repository.wanted->source;
    std::vector<Point> rings = source.branches();
    const auto base = std::ranges::find_if(rings, [&](const Point& each) { return each.name == repository.default_branch; });
    const std::optional<Point> from = base == rings.end() ? std::nullopt : std::optional(*base);
    std::erase_if(rings, [&](const Point& each) {
      return !git::ref_glob_matches(promise_.branches, each.name) || each.name == repository.default_branch ||
             state_.request.withheld.heads.contains({repository.wanted->slug, each.name});
    });
    const RepositoryFacts& known = source.facts();
    const bool withheld = state_.request.withheld.heads_incomplete;
    facts::set_refs_known(state_.store, repository.id, known.heads_complete && !withheld, known.tags_complete && !withheld, known.history_complete);
    if (rings.size() > kMaxRings) {
      state_.notes.push_back(repository.wanted->slug + " has " + std::to_string(rings.size()) + " rings; the first " + std::to_string(kMaxRings) + " are looked at");
      rings.resize(kMaxRings);
    }
    PathIds held;
    if (from && compares())
      if (auto read = source.paths_at(from->commit_id, [&](std::string_view path) { return is_compared(path); })) held = std::move(*read);
    for (const Point& ring : rings) {
      DistanceReading distance{"unknown", "the default branch of " + repository.wanted->slug + " is not known", 0, 0, 0, ""};
      if (from) distance = source.distance(from->commit_id, ring.commit_id);
      const auto count = [&](std::int64_t number) { return distance.state == "known" ? Cell(number) : Cell(); };
      const std::int64_t id = facts::add_row(
          state_.store, "ring_branch",
          {repository.id, ring.name, ring.commit_id, cell(ring.committed_at == 0 ? "" : formats::rfc3339_text(ring.committed_at)), distance.state,
           cell(distance.because), count(distance.ahead), count(distance.behind), cell(distance.behind_since == 0 ? "" : formats::rfc3339_text(distance.behind_since))});
      if (from && compares()) compare(repository, source, id, ring, held, distance);
    }
  }

  bool compares() {
    if (!globs_.empty() || promise_.not_delivered.empty()) return !globs_.empty();
    for (const PlacedText& each : promise_.not_delivered)
      if (auto glob = formats::PathGlob::compile(each.text)) globs_.push_back(*std::move(glob));
    return !globs_.empty();
  }
  bool is_compared(std::string_view path) const {
    return std::ranges::any_of(globs_, [&](const formats::PathGlob& glob) { return glob.matches(path); });
  }

  /// What the ring's files hold and those of the default branch do not. A line that the ring did not bring, because it stood where the
  /// two parted, is one that it has only not lost yet.
  void compare(const LoadedRepository& repository, RepositorySource& source, std::int64_t ring_row, const Point& ring, const PathIds& held,
               const DistanceReading& distance) {
    const auto wanted = [&](std::string_view path) { return is_compared(path); };
    const auto own = source.paths_at(ring.commit_id, wanted);
    if (!own) {
      state_.notes.push_back(ring.name + " of " + repository.wanted->slug + ": " + own.error().message);
      return;
    }
    PathIds before;
    bool parted_known = distance.state == "known" && !distance.merge_base.empty();
    if (parted_known) {
      auto read = source.paths_at(distance.merge_base, wanted);
      parted_known = read.has_value();
      if (read) before = std::move(*read);
    }
    const std::string state = parted_known ? "known" : "unknown";
    const std::string because = parted_known ? "" : distance.because.empty() ? "where it parted from the default branch cannot be read" : distance.because;
    std::size_t changes = 0;
    for (const auto& [path, id] : *own) {
      const auto there = held.find(path);
      const auto stood = before.find(path);
      if ((there != held.end() && there->second == id) || (stood != before.end() && stood->second == id) || ++changes > kMaxChanges) continue;
      const auto read = [&](bool is_there, const std::string& object) { return is_there ? source.read({path, object}) : Result<std::string>(std::string()); };
      const auto text = read(true, id), other = read(there != held.end(), there == held.end() ? "" : there->second),
                 old = read(stood != before.end(), stood == before.end() ? "" : stood->second);
      if (!text || !other || !old) continue;
      std::unordered_set<std::string_view> known;
      for (const std::string* each : {&*other, &*old})
        for (const std::string_view line : lines_of(*each)) known.insert(trim(line));
      std::optional<ByteRange> first;
      for (const std::string_view line : lines_of(*text)) {
        const std::string_view content = trim(line);
        if (first || content.empty() || content.starts_with('#') || known.contains(content)) continue;
        const auto at = static_cast<std::uint32_t>(content.data() - text->data());
        first = ByteRange{at, at + static_cast<std::uint32_t>(content.size())};
      }
      if (!first) continue;
      std::int64_t span = 0;
      const facts::FileId file = state_.loader->load_text(repository.id, path, *text, {*first}, span);
      state_.places->name_file_set(state_.store.file(file).file_set, ring.name);
      facts::add_row(state_.store, "ring_change", {ring_row, path, std::string(there == held.end() ? "added" : "changed"), state, cell(because), file << 32 | span});
    }
    for (const auto& [path, id] : before)
      if (!own->contains(path) && held.contains(path)) facts::add_row(state_.store, "ring_change", {ring_row, path, std::string("removed"), state, Cell(), Cell()});
  }

  RunState& state_;
  const RingPromise& promise_;
  std::map<ByteRange, std::size_t> spans_;
  std::set<facts::RepositoryId> read_;
  std::vector<formats::PathGlob> globs_;
  facts::FileId config_file_ = 0;
  std::int64_t first_span_ = 0;
};

}  // namespace

bool reads_rings(const std::set<std::string_view>& tables) {
  constexpr std::array<std::string_view, 6> kFilled = {"ring_promise", "ring_term", "ring_sync", "ring_service", "ring_branch", "ring_change"};
  return std::ranges::any_of(kFilled, [&](std::string_view table) { return tables.contains(table); });
}

void load_rings(RunState& state) {
  if (!state.request.ring || !state.rings_wanted) return;
  for (const char* table : {"ring_promise", "ring_term", "ring_sync", "ring_service", "ring_branch", "ring_change"}) state.store.create_table(table);
  RingLoader(state).load();
}

}  // namespace trueup::engine
