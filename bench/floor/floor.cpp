// The floor: what reading a repository's YAML costs with the same libraries and nothing on top. It opens the repository, reads
// each distinct blob once, parses it, keeps key paths, and inserts one row a scalar; no rules, no output but a line.
//
// Usage: floor [--yaml-cpp] [--newest-tags N] [--only SUBSTRING] [REPOSITORY]     without a repository: its own start alone
//
// Prints: blobs, bytes of distinct text, rows, milliseconds from main() on.

#include <git2.h>
#include <sqlite3.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>
#include <yaml.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Blob {
  git_oid id;
};

bool is_yaml(const std::string& path) {
  const auto ends = [&](const char* suffix) {
    const std::size_t length = std::strlen(suffix);
    return path.size() >= length && path.compare(path.size() - length, length, suffix) == 0;
  };
  return (ends(".yaml") || ends(".yml") || ends("Chart.lock")) && path.find("templates/") == std::string::npos;
}

struct Walk {
  std::string only;
  std::set<std::string> seen_trees, seen_blobs;
  std::vector<Blob> blobs;
};

void walk(git_repository* repository, const git_oid* tree_id, const std::string& folder, Walk& state) {
  const std::string key = folder + std::string(reinterpret_cast<const char*>(tree_id->id), GIT_OID_RAWSZ);
  if (!state.seen_trees.insert(key).second) return;
  git_tree* tree = nullptr;
  if (git_tree_lookup(&tree, repository, tree_id) != 0) return;
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
    const std::string path = folder + git_tree_entry_name(entry);
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
      walk(repository, git_tree_entry_id(entry), path + "/", state);
    } else if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB && is_yaml(path) && path.find(state.only) != std::string::npos) {
      const git_oid* id = git_tree_entry_id(entry);
      if (state.seen_blobs.insert(std::string(reinterpret_cast<const char*>(id->id), GIT_OID_RAWSZ)).second)
        state.blobs.push_back({*id});
    }
  }
  git_tree_free(tree);
}

class Rows {
 public:
  Rows() {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_open(":memory:", &database_);
    sqlite3_exec(database_, "PRAGMA journal_mode=OFF; CREATE TABLE scalar(id INTEGER PRIMARY KEY, blob INTEGER, path TEXT, value TEXT); BEGIN",
                 nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(database_, "INSERT INTO scalar VALUES(NULL,?,?,?)", -1, &insert_, nullptr);
  }
  ~Rows() {
    sqlite3_finalize(insert_);
    sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr);
    sqlite3_close(database_);
  }
  void add(int blob, const std::string& path, const char* value, std::size_t size) {
    sqlite3_bind_int(insert_, 1, blob);
    sqlite3_bind_text(insert_, 2, path.data(), static_cast<int>(path.size()), SQLITE_STATIC);
    sqlite3_bind_text(insert_, 3, value, static_cast<int>(size), SQLITE_STATIC);
    sqlite3_step(insert_);
    sqlite3_reset(insert_);
    ++count;
  }
  std::size_t count = 0;

 private:
  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

/// Key paths from a stream of events: the same for both parsers.
class Paths {
 public:
  Paths(Rows& rows, int blob) : rows_(rows), blob_(blob) {}
  void scalar(const char* value, std::size_t size) {
    if (!levels_.empty() && levels_.back().mapping && !levels_.back().has_key) {
      path_ += '/';
      path_.append(value, size);
      levels_.back().has_key = true;
      return;
    }
    element();
    rows_.add(blob_, path_, value, size);
    done();
  }
  void open(bool mapping) {
    if (!levels_.empty() && levels_.back().mapping && !levels_.back().has_key) {
      path_ += "/?";
      levels_.back().has_key = true;
    } else {
      element();
    }
    levels_.push_back({mapping, false, 0, path_.size()});
  }
  void close() {
    levels_.pop_back();
    done();
  }

 private:
  struct Level {
    bool mapping, has_key;
    int index;
    std::size_t length;
  };
  void element() {
    if (levels_.empty() || levels_.back().mapping) return;
    path_ += '/';
    path_ += std::to_string(levels_.back().index++);
  }
  void done() {
    if (levels_.empty()) return;
    path_.resize(levels_.back().length);
    levels_.back().has_key = false;
  }
  Rows& rows_;
  int blob_;
  std::string path_;
  std::vector<Level> levels_;
};

void parse_libyaml(const char* bytes, std::size_t size, Rows& rows, int blob) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(bytes), size);
  Paths paths(rows, blob);
  for (bool more = true; more;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) break;
    switch (event.type) {
      case YAML_SCALAR_EVENT: paths.scalar(reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length); break;
      case YAML_ALIAS_EVENT: paths.scalar("*", 1); break;
      case YAML_MAPPING_START_EVENT: paths.open(true); break;
      case YAML_SEQUENCE_START_EVENT: paths.open(false); break;
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: paths.close(); break;
      case YAML_STREAM_END_EVENT: more = false; break;
      default: break;
    }
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
}

class YamlCppEvents : public YAML::EventHandler {
 public:
  YamlCppEvents(Rows& rows, int blob) : paths_(rows, blob) {}
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { paths_.scalar("", 0); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { paths_.scalar("*", 1); }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string& value) override {
    paths_.scalar(value.data(), value.size());
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override { paths_.open(false); }
  void OnSequenceEnd() override { paths_.close(); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override { paths_.open(true); }
  void OnMapEnd() override { paths_.close(); }

 private:
  Paths paths_;
};

void parse_yaml_cpp(const char* bytes, std::size_t size, Rows& rows, int blob) {
  std::istringstream stream(std::string(bytes, size));
  try {
    YAML::Parser parser(stream);
    YamlCppEvents events(rows, blob);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception&) {
    // A file that does not parse counts as far as it went, with either parser.
  }
}

std::vector<git_oid> newest_tags(git_repository* repository, std::size_t count) {
  git_strarray names{};
  git_tag_list(&names, repository);
  std::vector<std::pair<git_time_t, git_oid>> found;
  for (std::size_t i = 0; i < names.count; ++i) {
    git_object *object = nullptr, *commit = nullptr;
    if (git_revparse_single(&object, repository, (std::string("refs/tags/") + names.strings[i]).c_str()) == 0 &&
        git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0)
      found.emplace_back(git_commit_time(reinterpret_cast<git_commit*>(commit)),
                         *git_commit_tree_id(reinterpret_cast<git_commit*>(commit)));
    git_object_free(object);
    git_object_free(commit);
  }
  git_strarray_dispose(&names);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<git_oid> trees;
  for (std::size_t i = 0; i < found.size() && i < count; ++i) trees.push_back(found[i].second);
  return trees;
}

}  // namespace

int main(int argc, char** argv) {
  const auto begin = std::chrono::steady_clock::now();
  bool yaml_cpp = false;
  std::size_t tags = 0;
  std::string path;
  Walk state;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--yaml-cpp") yaml_cpp = true;
    else if (word == "--newest-tags" && i + 1 < argc) tags = std::strtoul(argv[++i], nullptr, 10);
    else if (word == "--only" && i + 1 < argc) state.only = argv[++i];
    else path = word;
  }
  git_libgit2_init();
  git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  std::size_t bytes = 0;
  Rows rows;
  if (!path.empty()) {
    git_repository* repository = nullptr;
    if (git_repository_open(&repository, path.c_str()) != 0) return 2;
    std::vector<git_oid> trees;
    if (tags > 0) {
      trees = newest_tags(repository, tags);
    } else {
      git_object* tree = nullptr;
      if (git_revparse_single(&tree, repository, "HEAD^{tree}") == 0) trees.push_back(*git_object_id(tree));
      git_object_free(tree);
    }
    for (const git_oid& tree : trees) walk(repository, &tree, "", state);
    for (std::size_t i = 0; i < state.blobs.size(); ++i) {
      git_blob* blob = nullptr;
      if (git_blob_lookup(&blob, repository, &state.blobs[i].id) != 0) continue;
      const char* text = static_cast<const char*>(git_blob_rawcontent(blob));
      const auto size = static_cast<std::size_t>(git_blob_rawsize(blob));
      bytes += size;
      if (yaml_cpp)
        parse_yaml_cpp(text, size, rows, static_cast<int>(i));
      else
        parse_libyaml(text, size, rows, static_cast<int>(i));
      git_blob_free(blob);
    }
    git_repository_free(repository);
  }
  const double elapsed = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%zu blobs, %zu bytes, %zu rows, %.1f ms\n", state.blobs.size(), bytes, rows.count, elapsed);
  return 0;
}
