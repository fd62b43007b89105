#include "facts/store.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "facts/extracted.hpp"
#include "facts/schema_text.hpp"
#include "facts/world.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;

/// Stands in for the SQL functions of rules/, which views call and this layer does not have: gives its last argument.
void last_argument(sqlite3_context* context, int count, sqlite3_value** values) {
  sqlite3_result_value(context, values[count - 1]);
}

/// A store with views, and repository 1 = acme/deploy.
class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    RepositoryRow row;
    row.slug = "acme/deploy";
    row.loaded = true;
    row.default_branch = "main";
    repository_ = store_.add_repository(row);
    store_.create_all_tables();
    for (const NamedStatement& statement : kWorldStatements) store_.execute(statement.sql);
  }

  /// The rows of a query, columns joined by '|', NULL as such. A function that it lacks is stood in for.
  std::vector<std::string> query(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    constexpr std::string_view kNoFunction = "no such function: ";
    while (sqlite3_prepare_v2(store_.database(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      const std::string error = sqlite3_errmsg(store_.database());
      if (!error.starts_with(kNoFunction)) {
        ADD_FAILURE() << sql << ": " << error;
        return {};
      }
      sqlite3_create_function_v2(store_.database(), error.substr(kNoFunction.size()).c_str(), -1,
                                 SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, last_argument, nullptr,
                                 nullptr, nullptr);
    }
    std::vector<std::string> rows;
    while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
      std::string& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        row += (i > 0 ? "|" : "") + std::string(text == nullptr ? "NULL" : text);
      }
    }
    sqlite3_finalize(statement);
    return rows;
  }

  std::vector<std::string> columns_of(const std::string& name) {
    (void)query("SELECT * FROM " + name + " LIMIT 0");  // the next one says nothing where a view lacks a function
    return query("SELECT name FROM pragma_table_info('" + name + "')");
  }

  BlobId add(std::string_view object_id, std::string_view kind, const std::string& text) {
    Extracted extracted(kind, text);
    return store_.add_blob(object_id, kind, std::move(extracted.blob()));
  }

  Store store_;
  JudgedFiles judged_{store_};
  RepositoryId repository_ = 0;
};

TEST_F(StoreTest, EveryColumnOfEveryTableAndViewIsSelectableUnquoted) {
  auto names = query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') UNION "
                     "SELECT name FROM temp.sqlite_schema WHERE type IN ('table', 'view')");
  for (const TableOfBlobs& table : kTablesOfBlobs) names.emplace_back(table.name);
  EXPECT_GT(names.size(), kTableCount * 2);
  EXPECT_THAT(names, IsSupersetOf({"chart", "blob_chart", "workflow_trigger", "node", "wanted_oci_artifact", "file"}));
  for (const std::string& name : names) {
    const auto columns = columns_of(name);
    EXPECT_THAT(columns, Not(IsEmpty())) << name;
    for (const std::string& column : columns) (void)query("SELECT " + column + " FROM " + name);  // fails where it cannot
  }
}

TEST_F(StoreTest, EveryBlobTableHasAView) {
  for (const TableOfBlobs& table : kTablesOfBlobs) {
    const std::string view(table.name.substr(std::string_view("blob_").size()));
    const auto columns = columns_of(view);
    EXPECT_THAT(columns, IsSupersetOf({"file", "file_set", "repository", view.c_str()})) << view;
    // Rows that only join two others have no place of their own, nor has the one text of a whole spec.
    if (view != "condition_event" && view != "context_gap" && view != "application_spec" && view != "application_set_spec") {
      EXPECT_THAT(columns, testing::Contains("place")) << view;
    }
    for (const std::string& column : columns) EXPECT_EQ(column.find("span"), std::string::npos) << view << '.' << column;
  }
}

TEST_F(StoreTest, RowsOfABlobKeepTheirLinksAndPlaces) {
  add("0000", "chart", "name: first\n");  // numbers of the next blob do not start at 1
  const std::string text = "a: {b: c}\nd: [e]\n";
  const BlobId blob = add("1111", "node_yaml", text);
  EXPECT_THAT(query("SELECT n.pointer, p.pointer, n.key, n.value FROM blob_node n LEFT JOIN blob_node p ON p.id = n.parent "
                    "WHERE n.blob = " + std::to_string(blob) + " ORDER BY n.id"),
              ElementsAre("|NULL|NULL|NULL", "/a||a|NULL", "/a/b|/a|b|c", "/d||d|NULL", "/d/0|/d|0|e"));
  for (const std::string& row : query("SELECT span FROM blob_node WHERE value = 'e'")) {
    const StoredSpan& span = store_.span(std::stoll(row));
    EXPECT_EQ(span.blob, blob);
    EXPECT_EQ(slice(text, span.bytes), "e");
    EXPECT_EQ(span.at, (LineColumn{2, 5}));
  }
}

TEST_F(StoreTest, NullIsKeptApartFromEmpty) {
  add("1111", "chart", "name: ''\n");
  EXPECT_THAT(query("SELECT name, version, typeof(version_span) FROM blob_chart"), ElementsAre("|NULL|null"));
}

TEST_F(StoreTest, StateAndReasonOfABlobAreFacts) {
  add("1111", "yaml", "a: 1\n");
  const BlobId broken = add("2222", "yaml", "a: [\n");
  store_.add_unread_blob("3333", "path");
  EXPECT_THAT(query("SELECT object_id, kind, state, because IS NULL FROM blob ORDER BY id"),
              ElementsAre("1111|yaml|parsed|1", "2222|yaml|malformed|0", "3333|path|unread|1"));
  EXPECT_EQ(store_.blob_state(broken), BlobState::malformed);
  EXPECT_EQ(store_.object_id(broken), "2222");
}

TEST_F(StoreTest, EqualFileSetsOfOneRepositoryAreOne) {
  RepositoryRow other;
  other.slug = "acme/other";
  other.because = "the server asks for a credential";
  const RepositoryId second = store_.add_repository(other);
  const BlobId chart = add("1111", "chart", "name: a\n"), values = add("2222", "chart_values", "a: 1\n");
  const std::vector<FileSetMember> both = {{"Chart.yaml", chart, "chart"}, {"values.yaml", values, "chart_values"}};
  const std::vector<FileSetMember> moved = {{"a/Chart.yaml", chart, "chart"}, {"values.yaml", values, "chart_values"}};
  const std::vector<FileSetMember> one = {{"Chart.yaml", chart, "chart"}};

  const FileSetId set = store_.add_file_set(repository_, both);
  EXPECT_EQ(store_.add_file_set(repository_, both), set);
  EXPECT_NE(store_.add_file_set(repository_, moved), set);
  EXPECT_NE(store_.add_file_set(repository_, one), set);
  EXPECT_NE(store_.add_file_set(second, both), set) << "sets of different repositories are never shared";
  const FileSetId empty = store_.add_file_set(repository_, {});
  EXPECT_EQ(store_.add_file_set(repository_, {}), empty);

  EXPECT_THAT(query("SELECT count(*) FROM file_set"), ElementsAre("5"));
  const auto [first, last] = store_.files_of(set);
  EXPECT_EQ(last - first, 2);
  EXPECT_EQ(store_.file(first).path, "Chart.yaml");
  EXPECT_EQ(store_.file(first + 1).blob, values);
  EXPECT_EQ(store_.repository_of(set), repository_);
  EXPECT_THAT(query("SELECT slug, state, because, default_branch FROM repository ORDER BY id"),
              ElementsAre("acme/deploy|loaded|NULL|main", "acme/other|unknown|the server asks for a credential|NULL"));
}

/// Whatever a row is found by, it is the one that SQLite finds by looking at all: a column behind + is never looked up
/// (and takes no text for a number, so none is asked for here).
TEST_F(StoreTest, RowsAreFoundAsByLookingAtAll) {
  const std::string first = "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: git push}, {run: git add . && git commit && git push}]\n  b:\n    runs-on: x\n    steps: [{run: git tag a}]\n";
  add("1111", "workflow", first);
  add("2222", "chart", "name: atlas\n");  // has no steps
  add("3333", "workflow", "on: push\njobs:\n  c:\n    runs-on: x\n    steps: [{run: git push}]\n");
  add("4444", "node_yaml", "b: 1\na: {b: 2, a: 3}\nc: [4, 5]\n");  // keys do not come in their order
  const auto count = [&](const std::string& table) { return std::stoll(query("SELECT coalesce(max(id), 0) FROM " + table).front()); };
  const std::vector<std::pair<std::string, std::string>> columns = {{"blob_job", "workflow"}, {"blob_step", "job"}, {"blob_command", "step"}, {"blob_node", "parent"}};
  for (const auto& [table, column] : columns) {
    ASSERT_GT(count(table), 0) << table;
    std::vector<std::string> values = {"NULL", "'x'", "0", "-1", "2.0", "2.5", "1e300", "x'32'"};
    for (std::int64_t value = 1; value <= count("blob_node") + 1; ++value) values.push_back(std::to_string(value));
    for (const std::string& value : values) {
      const auto found = [&](const std::string& where) { return query("SELECT id FROM " + table + " WHERE " + where + " ORDER BY id"); };
      EXPECT_EQ(found("id = " + value), found("+id = " + value)) << table << ' ' << value;
      EXPECT_EQ(found("rowid = " + value), found("+id = " + value)) << table << ' ' << value;
      EXPECT_EQ(found("blob = " + value), found("+blob = " + value)) << table << ' ' << value;
      EXPECT_EQ(found(column + " = " + value), found('+' + column + " = " + value)) << table << ' ' << value;
      EXPECT_EQ(found("blob = 1 AND " + column + " = " + value), found("+blob = 1 AND +" + column + " = " + value)) << table << ' ' << value;
      EXPECT_EQ(found(column + " IN (" + value + ", 3, 9)"), found('+' + column + " IN (" + value + ", 3, 9)")) << table << ' ' << value;
    }
  }
  for (const char* const key : {"'a'", "'b'", "'c'", "'0'", "NULL", "''", "'zz'"}) {
    const auto found = [&](const std::string& blob, const std::string& column) {
      return query("SELECT id FROM blob_node WHERE " + blob + " = 4 AND " + column + " = " + key + " ORDER BY id");
    };
    EXPECT_EQ(found("blob", "key"), found("+blob", "+key")) << key;
  }
  EXPECT_THAT(query("SELECT count(*) FROM blob_node WHERE blob = 4 AND key = 'b'"), ElementsAre("2"));
}

TEST_F(StoreTest, NamesOfRefsAreFoundAsByLookingAtAll) {
  store_.add_ref_names({{2, "main", true}, {2, "v1.0.0", false}, {2, "v1.0.0", true}});
  store_.add_ref_names({{1, "zeta", true}, {1, "alpha", true}, {1, "v1.0.0", false}, {1, "v1.1.0", false}});  // in whatever order
  const auto found = [&](const std::string& where) { return query("SELECT repository, name, kind FROM ref_name WHERE " + where + " ORDER BY 1, 2, 3"); };
  EXPECT_THAT(found("repository = 2 AND name = 'v1.0.0'"), ElementsAre("2|v1.0.0|branch", "2|v1.0.0|tag"));
  for (const std::string repository : {"1", "2", "3", "NULL", "'x'"}) {
    EXPECT_EQ(found("repository = " + repository), found("+repository = " + repository)) << repository;
    for (const std::string name : {"'main'", "'v1.0.0'", "'v'", "''", "NULL", "1"}) {
      EXPECT_EQ(found("repository = " + repository + " AND name = " + name), found("+repository = " + repository + " AND +name = " + name)) << name;
      for (const char* const range : {"> 'a' AND NAME < 'v1.0.0'", ">= 'alpha' AND NAME <= 'v1.0.0'", "> 'z' AND NAME < 'a'", ">= 'v' AND NAME < 'w'"}) {
        std::string plain = range, unfound = range;
        unfound.replace(unfound.find("NAME"), 4, "+name");
        EXPECT_EQ(found("repository = " + repository + " AND name " + plain), found("repository = " + repository + " AND +name " + unfound)) << range;
      }
    }
  }
}

TEST_F(StoreTest, AViewPlacesTheRowsOfABlobInEveryFileOfTheWorld) {
  const std::string text = "name: atlas\nversion: 1.0.0\n";
  const BlobId chart = add("1111", "chart", text);
  const FileSetId set = store_.add_file_set(
      repository_, std::vector<FileSetMember>{{"a/Chart.yaml", chart, "chart"}, {"b/Chart.yaml", chart, "chart"}});
  EXPECT_THAT(query("SELECT path FROM chart"), IsEmpty()) << "no world yet";

  judged_.set(std::vector<JudgedSet>{{set, true}}, {});
  EXPECT_THAT(query("SELECT path, name, version FROM chart ORDER BY path"),
              ElementsAre("a/Chart.yaml|atlas|1.0.0", "b/Chart.yaml|atlas|1.0.0"));
  EXPECT_THAT(query("SELECT slug, path, kind, state FROM file ORDER BY path"),
              ElementsAre("acme/deploy|a/Chart.yaml|chart|parsed", "acme/deploy|b/Chart.yaml|chart|parsed"));
  const auto places = query("SELECT version_place FROM chart ORDER BY path");
  ASSERT_EQ(places.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const PlaceId place = std::stoll(places[i]);
    EXPECT_EQ(store_.file(place >> 32).path, i == 0 ? "a/Chart.yaml" : "b/Chart.yaml");
    EXPECT_EQ(slice(text, store_.span(place & 0xFFFFFFFF).bytes), "1.0.0");
  }
  EXPECT_THAT(query("SELECT app_version_place FROM chart"), ElementsAre("NULL", "NULL"));
}

TEST_F(StoreTest, OneBlobOfTwoKindsHasTheRowsOfBoth) {
  const std::string text = "a: 1\n";
  const BlobId values = add("1111", "chart_values", text), nodes = add("1111", "node_yaml", text);
  const FileSetId set = store_.add_file_set(repository_, std::vector<FileSetMember>{{"values.yaml", values, "chart_values"},
                                                                                   {"values.yaml", nodes, "node_yaml"}});
  judged_.set(std::vector<JudgedSet>{{set, true}}, {});
  EXPECT_THAT(query("SELECT path, kind FROM file"), ElementsAre("values.yaml|chart_values")) << "still one file";
  EXPECT_THAT(query("SELECT v.path, v.pointer, n.path, n.pointer FROM chart_value v JOIN node n USING (file_set, path) "
                    "WHERE n.value = v.value"),
              ElementsAre("values.yaml|/a|values.yaml|/a"));
}

TEST_F(StoreTest, SpansCanBeQueriedOncePublished) {
  add("1111", "chart", "name: atlas\n");
  store_.publish_spans();
  EXPECT_THAT(query("SELECT s.begin_byte, s.end_byte, s.line, s.column_number FROM blob_chart c JOIN span s ON s.id = c.span"),
              ElementsAre("6|11|1|7"));
}

TEST_F(StoreTest, SnapshotsAndRefsAreRows) {
  const FileSetId set = store_.add_file_set(repository_, {});
  store_.begin();
  const SnapshotId commit = store_.add_snapshot(repository_, "abc1234", 1'700'000'000, set);
  const SnapshotId tree = store_.add_snapshot(repository_, std::nullopt, std::nullopt, set);
  store_.add_ref(repository_, "main", "branch", commit);
  store_.add_ref(repository_, "worktree", "worktree", tree);
  store_.commit();
  EXPECT_THAT(query("SELECT r.name, r.kind, s.commit_id, s.committed_at FROM git_ref r JOIN snapshot s ON s.id = r.snapshot "
                    "ORDER BY r.id"),
              ElementsAre("main|branch|abc1234|1700000000", "worktree|worktree|NULL|NULL"));
}

TEST_F(StoreTest, FilesOfAWorldAreFoundByWhatIsAskedOfThem) {
  const BlobId chart = add("1111", "chart", "name: atlas\n"), values = add("2222", "chart_values", "a: 1\n");
  const auto set_of = [&](std::vector<FileSetMember> members) { return store_.add_file_set(repository_, members); };
  const FileSetId one = set_of({{"a/Chart.yaml", chart, "chart"}, {"a/values.yaml", values, "chart_values"}, {"b/Chart.yaml", chart, "chart"}});
  const FileSetId other = set_of({{"a/Chart.yaml", chart, "chart"}, {"c/values.yaml", values, "chart_values"}});
  judged_.set({{one, true}, {other, false}}, {});
  const auto found = [&](const std::string& condition) {
    return query("SELECT file_set || ' ' || path || ' ' || on_default FROM judged_file WHERE " + condition + " ORDER BY file");
  };
  const std::string first = std::to_string(one), second = std::to_string(other);
  EXPECT_THAT(found("1"), SizeIs(5));
  EXPECT_THAT(found("file = " + std::to_string(store_.files_of(other).first)), ElementsAre(second + " a/Chart.yaml 0"));
  EXPECT_THAT(found("blob = " + std::to_string(values)), ElementsAre(first + " a/values.yaml 1", second + " c/values.yaml 0"));
  EXPECT_THAT(found("blob = " + std::to_string(chart) + " AND kind = 'chart_values'"), IsEmpty());
  EXPECT_THAT(found("file_set = " + second), ElementsAre(second + " a/Chart.yaml 0", second + " c/values.yaml 0"));
  EXPECT_THAT(found("file_set = " + first + " AND path = 'b/Chart.yaml'"), ElementsAre(first + " b/Chart.yaml 1"));
  EXPECT_THAT(found("file_set = " + first + " AND path = 'b/chart.yaml'"), IsEmpty());
  EXPECT_THAT(found("file_set = " + first + " AND path = 'b/chart.yaml' COLLATE NOCASE"), ElementsAre(first + " b/Chart.yaml 1"));
  EXPECT_THAT(found("path = 'a/Chart.yaml'"), ElementsAre(first + " a/Chart.yaml 1", second + " a/Chart.yaml 0"));
  EXPECT_THAT(found("file_set = " + first + " AND path > 'a/' AND path < 'a0'"), ElementsAre(first + " a/Chart.yaml 1", first + " a/values.yaml 1"));
  EXPECT_THAT(found("file_set = " + first + " AND path > 'a/Chart.yaml' AND path <= 'b/Chart.yaml'"), ElementsAre(first + " a/values.yaml 1", first + " b/Chart.yaml 1"));
  EXPECT_THAT(found("file_set = " + first + " AND path >= 'a/Chart.yaml' AND path < 'a/Chart.yaml'"), IsEmpty());
  EXPECT_THAT(found("file_set IN (" + first + ", " + second + ") AND kind = 'chart_values'"), ElementsAre(first + " a/values.yaml 1", second + " c/values.yaml 0"));
  // What `holds` leaves out is left out of either side of an OR, and nothing else is.
  const std::string charts = "holds = " + std::to_string(static_cast<std::size_t>(Table::chart)) + " AND ";
  EXPECT_THAT(found(charts + "(file_set = " + first + " OR file_set = " + second + ")"), SizeIs(3));
  EXPECT_THAT(found(charts + "(file = " + std::to_string(store_.files_of(other).first) + " OR path = 'b/Chart.yaml')"), SizeIs(2));
  // As SQLite compares a column of numbers: a text that is one is equal, others and NULL are not.
  EXPECT_THAT(found("file_set = '" + second + "'"), SizeIs(2));
  for (const char* const nothing : {"file_set = NULL", "file_set = 'x'", "file_set = 1.5", "path = NULL", "kind = NULL", "blob = x'31'"}) EXPECT_THAT(found(nothing), IsEmpty()) << nothing;
}

TEST_F(StoreTest, AnImageShowsWhatTheStoreHeldAndCannotBeWrittenTo) {
  const BlobId chart = add("1111", "chart", "name: atlas\n");
  const FileSetId set = store_.add_file_set(repository_, std::vector<FileSetMember>{{"Chart.yaml", chart, "chart"}});
  Store shown(store_.image());
  EXPECT_TRUE(shown.has_rows("repository"));
  EXPECT_EQ(shown.file(shown.files_of(set).first).path, "Chart.yaml");
  EXPECT_THROW(shown.execute("INSERT INTO repository SELECT 9, 'x', 'loaded', NULL, NULL, 1, 1, 1"), std::logic_error);
  store_.execute("UPDATE repository SET slug = 'acme/moved'");
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(shown.database(), "SELECT slug, (SELECT name FROM blob_chart) FROM repository", -1, &statement, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)), "acme/deploy");
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 1)), "atlas");
  sqlite3_finalize(statement);
}

}  // namespace
}  // namespace trueup::facts
