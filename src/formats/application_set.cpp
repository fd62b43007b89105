#include "formats/application_set.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "formats/glob_machine.hpp"
#include "formats/json.hpp"
#include "formats/path_join.hpp"
#include "formats/scalar_types.hpp"
#include "formats/yaml.hpp"

namespace trueup::formats {
namespace {

constexpr int kMaxNesting = 8;
/// Nodes of parameters that one set may hold, however its generators multiply.
constexpr std::size_t kMaxParameterNodes = 1'000'000;
/// Keys of one mapping of parameters.
constexpr std::size_t kMaxKeys = 1'000;
/// Paths that are held against patterns, for one set.
constexpr std::size_t kMaxLooks = 50'000'000;
constexpr std::string_view kTooMany = "it makes more Applications than trueup works out";

/// path.Match, and the greedy form of it for files, where `*` also crosses '/'.
std::optional<GlobMachine> compile_pattern(std::string_view pattern, bool crosses) {
  if (pattern.size() > kMaxGlobBytes) return std::nullopt;
  GlobNode whole;
  GlobNode::ByteSet any;
  any.set();
  if (!crosses) any.reset('/');
  GlobNode::ByteSet every;
  every.set();
  while (!pattern.empty()) {
    const std::size_t length = character_length(pattern);
    if (pattern.starts_with("**")) {
      whole.parts.push_back(GlobNode::of(GlobNode::Kind::any_number, GlobNode::any_of(crosses ? every : any)));
      pattern.remove_prefix(2);
      // `**/` stands for no folder, too.
      if (crosses && pattern.starts_with('/')) {
        GlobNode below = whole.parts.back();
        whole.parts.back() = GlobNode::of(GlobNode::Kind::optional, GlobNode{GlobNode::Kind::sequence, {}, {below, GlobNode::text("/")}});
        pattern.remove_prefix(1);
      }
      continue;
    }
    const char c = pattern.front();
    if (c == '*') whole.parts.push_back(GlobNode::of(GlobNode::Kind::any_number, GlobNode::any_of(any)));
    else if (c == '?') whole.parts.push_back(GlobNode::any_of(any));
    else if (c == '[' || c == '\\' || c == '{') return std::nullopt;
    else whole.parts.push_back(GlobNode::text(pattern.substr(0, length)));
    pattern.remove_prefix(length);
  }
  return GlobMachine(whole);
}

std::string normalized(std::string_view name) {
  std::string result = ascii_lower(name);
  for (char& c : result)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) c = '-';
  return result;
}

SetParameter path_parameter(std::string_view path, std::string_view filename) {
  SetParameter segments;
  segments.kind = SetParameter::Kind::list;
  for (const std::string_view segment : split(path, '/')) segments.entries.emplace_back("", SetParameter::of(std::string(segment)));
  const std::string basename(path.substr(path.rfind('/') + 1));
  SetParameter parameter;
  const auto set = [&](const char* key, std::string text) { parameter.set(key, SetParameter::of(std::move(text))); };
  set("path", std::string(path));
  set("basename", basename);
  set("basenameNormalized", normalized(basename));
  if (!filename.empty()) {
    set("filename", std::string(filename));
    set("filenameNormalized", normalized(filename));
  }
  parameter.set("segments", std::move(segments));
  return parameter;
}

class Expander {
 public:
  Expander(const Document& document, GeneratorTrees& trees, bool go_template) : document_(document), trees_(trees), go_template_(go_template) {}

  SetElements all(NodeIndex generators) {
    SetElements result;
    for (const NodeIndex generator : document_.children(generators)) append(result, one(generator, SetParameter{SetParameter::Kind::mapping, {}, {}}, 0));
    return result;
  }

 private:
  using Elements = std::vector<SetElement>;

  static SetElements unknown(std::string because) {
    SetElements result;
    result.because = std::move(because);
    return result;
  }

  void append(SetElements& to, SetElements from) {
    if (from.because && !to.because) to.because = std::move(from.because);
    if (from.overridden && !to.overridden) to.overridden = std::move(from.overridden);
    for (SetElement& element : from.elements) {
      if (to.elements.size() >= kMaxSetElements) {
        to.because = kTooMany;
        return;
      }
      to.elements.push_back(std::move(element));
    }
  }

  std::string filled(NodeIndex node, const SetParameter& given) const {
    return fill_set_template(document_.text(node).value_or(""), given, go_template_);
  }
  std::string filled(NodeIndex mapping, std::string_view key, const SetParameter& given) const { return filled(document_.child(mapping, key), given); }

  /// A template that the server writes into stored objects holds nothing.
  bool is_empty(NodeIndex node, int depth = 0) const {
    if (node == kNoNode) return true;
    if (const auto text = document_.text(node)) return text->empty() || *text == "~" || *text == "null";
    if (depth > 4) return false;
    const std::vector<NodeIndex> children = document_.children(node);
    return std::ranges::all_of(children, [&](NodeIndex child) { return is_empty(child, depth + 1); });
  }

  SetElements one(NodeIndex generator, const SetParameter& given, int depth) {
    if (depth > kMaxNesting || ++steps_ > kMaxSetElements) return unknown("its generators nest too deep");
    SetElements result = unknown("it has a generator that is not known");
    for (const NodeIndex value : document_.children(generator)) {
      const std::string_view kind = document_.text(document_[value].key).value_or("");
      if (kind == "selector" || kind == "template") continue;
      if (kind == "list") result = list(value, given);
      else if (kind == "git") result = git(value, given);
      else if (kind == "matrix") result = matrix(value, given, depth);
      else if (kind == "merge") result = merge(value, given, depth);
      else result = unknown("the generator `" + std::string(kind) + "` asks a cluster or a server");
      if (!is_empty(document_.child(value, "template"))) result.overridden = "a generator has a template of its own";
    }
    if (nodes_ > kMaxParameterNodes) return unknown(std::string(kTooMany));
    if (!is_empty(document_.child(generator, "selector"))) {
      result.elements.clear();
      result.because = "a selector chooses from what its generator gives";
    }
    return result;
  }

  /// A YAML value as a parameter. Texts are filled with what an earlier generator gave.
  SetParameter parameter(const Document& document, NodeIndex node, int depth = 0) {
    node = document.resolved(node);
    SetParameter result;
    if (node == kNoNode || depth > kMaxNesting * 4 || ++nodes_ > kMaxParameterNodes) return result;
    const Node& value = document[node];
    if (value.kind == NodeKind::scalar) {
      result.text = type_as_helm(value.value, value.style, value.tag) == ScalarType::null ? std::string() : std::string(value.value);
      return result;
    }
    result.kind = value.kind == NodeKind::mapping ? SetParameter::Kind::mapping : SetParameter::Kind::list;
    if (value.kind == NodeKind::mapping && value.child_count > kMaxKeys) {
      nodes_ = kMaxParameterNodes + 1;
      return result;
    }
    for (const NodeIndex child : document.children(node)) {
      const std::string key(value.kind == NodeKind::mapping ? document.text(document[child].key).value_or("") : std::string_view());
      if (value.kind == NodeKind::mapping) result.set(key, parameter(document, child, depth + 1));
      else result.entries.emplace_back("", parameter(document, child, depth + 1));
    }
    return result;
  }

  SetElements list(NodeIndex generator, const SetParameter& given) {
    SetElements result;
    for (const NodeIndex element : document_.children(document_.child(generator, "elements"))) {
      if (!document_.is_mapping(element)) continue;
      SetParameter parameters = parameter(document_, element);
      fill(parameters, given);
      result.elements.push_back({std::move(parameters), document_.resolved(element)});
    }
    const NodeIndex yaml = document_.child(generator, "elementsYaml");
    if (yaml == kNoNode) return result;
    const std::string text = filled(yaml, given);
    const Document elements = parse_yaml(text);
    if (text.find("{{") != text.npos || elements.problem() || !elements.is_sequence(elements.root())) return unknown("its elementsYaml is not known");
    for (const NodeIndex element : elements.children(elements.root())) result.elements.push_back({parameter(elements, element), document_.resolved(yaml)});
    return result;
  }

  void fill(SetParameter& value, const SetParameter& given) {
    if (given.entries.empty()) return;
    if (value.kind == SetParameter::Kind::text && value.text.find("{{") != value.text.npos) value.text = fill_set_template(value.text, given, go_template_);
    for (auto& [key, child] : value.entries) fill(child, given);
  }

  SetElements git(NodeIndex generator, const SetParameter& given) {
    const std::string url = filled(generator, "repoURL", given), revision = filled(generator, "revision", given);
    if (url.find("{{") != url.npos || revision.find("{{") != revision.npos) return unknown("the repository of its git generator is not known");
    auto paths = trees_.paths(url, revision);
    if (!paths) return unknown(paths.error().message);
    looks_ += (*paths)->size() * 10;
    if (looks_ > kMaxLooks) return unknown(std::string(kTooMany));
    const NodeIndex directories = document_.child(generator, "directories");
    SetElements result = directories != kNoNode ? folders(generator, directories, **paths, given) : files(generator, url, revision, **paths, given);
    for (SetElement& element : result.elements) element.repo_urls = {url};
    return result;
  }

  struct Pattern {
    GlobMachine glob;
    bool exclude = false;
    NodeIndex place = kNoNode;
  };
  std::optional<std::vector<Pattern>> patterns(NodeIndex list, bool crosses, const SetParameter& given) {
    std::vector<Pattern> result;
    for (const NodeIndex entry : document_.children(list)) {
      const std::string path = filled(entry, "path", given);
      auto glob = path.find("{{") == path.npos ? compile_pattern(path, crosses) : std::nullopt;
      if (!glob) return std::nullopt;
      result.push_back({*std::move(glob), document_.text(document_.child(entry, "exclude")) == "true", document_.resolved(document_.child(entry, "path"))});
      if (result.size() > 30) return std::nullopt;
    }
    return result;
  }
  /// The pattern that takes a path, unless another one leaves it out.
  static const Pattern* chosen(const std::vector<Pattern>& patterns, std::string_view path) {
    const Pattern* found = nullptr;
    for (const Pattern& pattern : patterns) {
      if ((found != nullptr && !pattern.exclude) || !pattern.glob.matches(path)) continue;
      if (pattern.exclude) return nullptr;
      found = &pattern;
    }
    return found;
  }

  void add_path(SetElements& result, NodeIndex generator, SetParameter parameters, const std::string& path, std::string_view filename, NodeIndex place,
                const SetParameter& given) {
    const NodeIndex prefix = document_.child(generator, "pathParamPrefix");
    SetParameter at = path_parameter(path, filename);
    const auto name = document_.text(prefix);
    if (name && !name->empty()) {
      SetParameter outer = parameters.find(*name) != nullptr ? *parameters.find(*name) : SetParameter{SetParameter::Kind::mapping, {}, {}};
      outer.set("path", plain_path(std::move(at)));
      parameters.set(*name, std::move(outer));
    } else {
      parameters.set("path", plain_path(std::move(at)));
    }
    SetParameter all = given;
    for (const auto& [key, value] : parameters.entries) all.set(key, value);
    const NodeIndex values = document_.child(generator, "values");
    if (document_.is_mapping(values)) {
      SetParameter own = parameter(document_, values);
      fill(own, all);
      parameters.set("values", std::move(own));
    }
    nodes_ += 20;
    result.elements.push_back({std::move(parameters), place});
  }

  /// In the plain language {{path}} is the path itself, {{path[0]}} its first part, {{path.basename}} its last.
  SetParameter plain_path(SetParameter at) {
    if (go_template_) return at;
    SetParameter plain = at;
    plain.text = at.find("path")->text;
    return plain;
  }

  SetElements folders(NodeIndex generator, NodeIndex list, const std::vector<std::string>& paths, const SetParameter& given) {
    const auto wanted = patterns(list, false, given);
    if (!wanted) return unknown("a pattern of its git generator is not known");
    SetElements result;
    std::string last;
    std::vector<std::string> folders;
    for (const std::string& path : paths)
      for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
        const std::string_view folder = std::string_view(path).substr(0, slash);
        if (last.size() >= folder.size() && std::string_view(last).substr(0, folder.size()) == folder && (last.size() == folder.size() || last[folder.size()] == '/')) continue;
        folders.emplace_back(folder);
        last = folder;
      }
    std::ranges::sort(folders);
    folders.erase(std::ranges::unique(folders).begin(), folders.end());
    for (const std::string& folder : folders) {
      if (folder.front() == '.' || folder.find("/.") != folder.npos) continue;
      const Pattern* pattern = chosen(*wanted, folder);
      if (pattern == nullptr) continue;
      if (result.elements.size() >= kMaxSetElements || nodes_ > kMaxParameterNodes) {
        result.because = kTooMany;
        break;
      }
      add_path(result, generator, SetParameter{SetParameter::Kind::mapping, {}, {}}, folder, "", pattern->place, given);
    }
    return result;
  }

  SetElements files(NodeIndex generator, const std::string& url, const std::string& revision, const std::vector<std::string>& paths,
                    const SetParameter& given) {
    const auto wanted = patterns(document_.child(generator, "files"), true, given);
    if (!wanted) return unknown("a pattern of its git generator is not known");
    SetElements result;
    for (const std::string& path : paths) {
      const Pattern* pattern = chosen(*wanted, path);
      if (pattern == nullptr) continue;
      if (result.elements.size() >= kMaxSetElements || nodes_ > kMaxParameterNodes) {
        result.because = kTooMany;
        break;
      }
      auto bytes = trees_.read(url, revision, path);
      if (!bytes) {
        result.because = path + ": " + bytes.error().message;
        continue;
      }
      const Document file = path.ends_with(".json") ? parse_json(*bytes) : parse_yaml(*bytes);
      if (file.problem()) {
        result.because = path + " does not parse";
        continue;
      }
      const std::string folder(folder_of(path)), name = path.substr(path.rfind('/') + 1);
      const auto add = [&](NodeIndex object) {
        SetParameter parameters = file.is_mapping(object) ? parameter(file, object) : SetParameter{SetParameter::Kind::mapping, {}, {}};
        add_path(result, generator, std::move(parameters), folder, name, pattern->place, given);
      };
      if (!file.is_sequence(file.root())) add(file.root());
      else
        for (const NodeIndex object : file.children(file.root())) add(object);
    }
    return result;
  }

  SetElements matrix(NodeIndex generator, const SetParameter& given, int depth) {
    const std::vector<NodeIndex> parts = document_.children(document_.child(generator, "generators"));
    if (parts.size() != 2) return unknown("a matrix has exactly two generators");
    SetElements result = one(parts[0], given, depth + 1);
    Elements left = std::move(result.elements);
    result.elements.clear();
    for (SetElement& element : left) {
      if (result.elements.size() >= kMaxSetElements || nodes_ > kMaxParameterNodes) return unknown(std::string(kTooMany));
      SetParameter both = given;
      for (const auto& [key, value] : element.parameters.entries) both.set(key, value);
      SetElements right = one(parts[1], both, depth + 1);
      for (SetElement& other : right.elements) {
        SetParameter merged = element.parameters;
        for (const auto& [key, value] : other.parameters.entries) merged.set(key, value);
        nodes_ += merged.entries.size();
        if (nodes_ > kMaxParameterNodes) return unknown(std::string(kTooMany));
        other.parameters = std::move(merged);
        if (element.place != kNoNode && other.place == kNoNode) other.place = element.place;
        other.repo_urls.insert(other.repo_urls.end(), element.repo_urls.begin(), element.repo_urls.end());
      }
      append(result, std::move(right));
    }
    return result;
  }

  std::string key_of(const SetParameter& parameters, const std::vector<std::string>& keys) const {
    std::string key;
    for (const std::string& name : keys) {
      std::string value = fill_set_template(go_template_ ? "{{." + name + "}}" : "{{" + name + "}}", parameters, go_template_);
      key += std::to_string(value.size()) + ':' + value;
    }
    return key;
  }

  SetElements merge(NodeIndex generator, const SetParameter& given, int depth) {
    std::vector<std::string> keys;
    for (const NodeIndex key : document_.children(document_.child(generator, "mergeKeys"))) keys.emplace_back(document_.text(key).value_or(""));
    const std::vector<NodeIndex> parts = document_.children(document_.child(generator, "generators"));
    if (parts.size() < 2 || keys.empty()) return unknown("a merge has two generators or more, and mergeKeys");
    SetElements result = one(parts[0], given, depth + 1);
    std::map<std::string, std::size_t> by_key;
    for (std::size_t i = 0; i < result.elements.size(); ++i) by_key.emplace(key_of(result.elements[i].parameters, keys), i);
    for (std::size_t part = 1; part < parts.size(); ++part) {
      SetElements later = one(parts[part], given, depth + 1);
      if (later.because) return unknown(*later.because);
      for (const SetElement& element : later.elements) {
        const auto known = by_key.find(key_of(element.parameters, keys));
        if (known == by_key.end()) continue;
        for (const auto& [key, value] : element.parameters.entries) result.elements[known->second].parameters.set(key, value);
      }
    }
    return result;
  }

  const Document& document_;
  GeneratorTrees& trees_;
  bool go_template_;
  std::size_t steps_ = 0, nodes_ = 0, looks_ = 0;
};

}  // namespace

SetElements expand_generators(const Document& document, NodeIndex spec, GeneratorTrees& trees) {
  const bool go_template = document.text(document.child(spec, "goTemplate")) == "true";
  return Expander(document, trees, go_template).all(document.child(spec, "generators"));
}

}  // namespace trueup::formats
