#include "facts/packaged_values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "facts/extract/helm_fields.hpp"
#include "formats/json_pointer.hpp"
#include "formats/template_values.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::NodeIndex;
using Texts = std::map<std::string, std::string>;

/// Charts in charts, keys that they stand below, and rows: a hostile package may ask for more of each.
constexpr std::size_t kMaxDepth = 5, kMaxKeys = 100, kMaxRows = 100'000;

class PackageReader {
 public:
  std::vector<KnownValue> read(const formats::ChartPackage& package) {
    unpacked_ = package.unpacked_bytes;
    if (!package.whole || !package.texts_whole) add("", "elsewhere", "Chart.yaml");
    read_chart(package.texts, "", {""}, 0);
    return std::move(rows_);
  }

 private:
  void add(std::string pointer, std::string_view kind, const std::string& path) {
    if (rows_.size() > kMaxRows) return;
    if (rows_.size() == kMaxRows) {
      pointer.clear();
      kind = "elsewhere";
    }
    if (seen_.emplace(pointer, kind).second) rows_.push_back({std::move(pointer), kind, path});
  }

  /// A chart whose files are `texts`; `place`: where it lies in the package. `keys`: what it is given stands below these.
  void read_chart(const Texts& texts, const std::string& place, const std::vector<std::string>& keys, std::size_t depth) {
    std::map<std::string, Texts> children;  // by folder
    for (const auto& [path, text] : texts) {
      if (path.starts_with("charts/")) {
        const std::string_view rest = std::string_view(path).substr(7);
        if (const std::size_t slash = rest.find('/'); slash != rest.npos) children[std::string(rest.substr(0, slash))][std::string(rest.substr(slash + 1))] = text;
        else unpack(std::string(rest), text, place, keys, children);
      } else if (path.starts_with("templates/")) {
        read_template(text, place + path, keys);
      } else if (path == "values.yaml") {
        read_template(text, place + path, keys);  // what tpl renders later
        read_defaults(text, place + path, keys);
      }
    }
    const auto chart_yaml = texts.find("Chart.yaml");
    std::map<std::string, std::vector<std::string>> wanted;  // name -> what it is called here
    if (chart_yaml != texts.end()) {
      const Document chart = formats::parse_yaml(chart_yaml->second);
      HelmFields fields(chart);
      for (const NodeIndex entry : fields.entries(fields.field(chart.root(), "dependencies"))) {
        const formats::ChartDependency dependency = fields.dependency(entry);
        wanted[dependency.name].push_back(dependency.alias.empty() ? dependency.name : dependency.alias);
      }
    }
    for (const auto& [folder, files] : children) {
      std::string name = folder;
      bool is_library = false;
      if (const auto at = files.find("Chart.yaml"); at != files.end()) {
        const Document chart = formats::parse_yaml(at->second);
        HelmFields fields(chart);
        name = fields.text(fields.field(chart.root(), "name")).value_or(folder);
        is_library = fields.text(fields.field(chart.root(), "type")) == "library";
      }
      const auto called = wanted.extract(name);
      std::vector<std::string> below;
      for (const std::string& key : keys)
        for (const std::string& own : called ? called.mapped() : std::vector<std::string>{name})
          if (below.size() < kMaxKeys) below.push_back(formats::step_below(key, own));
      if (is_library) below.insert(below.end(), keys.begin(), keys.end());
      const std::string where = place + "charts/" + folder + '/';
      if (depth == kMaxDepth || below.size() >= kMaxKeys) {
        for (const std::string& key : below) add(key, "elsewhere", where + "Chart.yaml");
      } else {
        read_chart(files, where, below, depth + 1);
      }
    }
    for (const auto& [name, called] : wanted)
      for (const std::string& own : called)
        for (const std::string& key : keys) add(formats::step_below(key, own), "elsewhere", place + "Chart.yaml");
  }

  /// A package in charts/ is as good as its folder. All of them together unpack to no more than one may.
  void unpack(const std::string& file, const std::string& bytes, const std::string& place, const std::vector<std::string>& keys, std::map<std::string, Texts>& children) {
    const auto package = formats::read_chart_package(bytes, true, limits::kMaxChartBytes - std::min(unpacked_, limits::kMaxChartBytes));
    if (package) unpacked_ += package->unpacked_bytes;
    if (!package || !package->whole || !package->texts_whole)
      for (const std::string& key : keys) add(key, "elsewhere", place + "charts/" + file);
    else children[package->folder] = package->texts;
  }

  void read_template(const std::string& text, const std::string& path, const std::vector<std::string>& keys) {
    const formats::TemplateValues values = formats::read_template_values(text);
    for (const std::string& key : keys) {
      if (values.all) add(key, "template", path);
      for (const auto& read : values.reads) add(key + read.pointer, "template", path);
    }
  }

  void read_defaults(const std::string& text, const std::string& path, const std::vector<std::string>& keys) {
    const Document values = formats::parse_yaml(text);
    if (values.problem()) {
      for (const std::string& key : keys) add(key, "elsewhere", path);
      return;
    }
    std::vector<NodeIndex> open = values.children(values.root());
    while (!open.empty() && rows_.size() < kMaxRows) {
      const NodeIndex node = open.back();
      open.pop_back();
      for (const NodeIndex child : values.children(node)) open.push_back(child);
      const std::string pointer = values.pointer(node);
      for (const std::string& key : keys) add(key + pointer, "default", path);
    }
  }

  std::vector<KnownValue> rows_;
  std::set<std::pair<std::string, std::string_view>> seen_;
  std::size_t unpacked_ = 0;
};

}  // namespace

std::vector<KnownValue> known_values(const formats::ChartPackage& package) { return PackageReader().read(package); }

}  // namespace trueup::facts
