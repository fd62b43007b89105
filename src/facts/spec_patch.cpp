// Fields are flat: pointer -> scalar, `{}` or `[]`. Both sides are made into trees first, since what is left of a mapping when its
// last value goes is told by the tree only, and then walked side by side.

#include "facts/spec_patch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "facts/application_fields.hpp"
#include "facts/extract/github_reader.hpp"
#include "formats/document.hpp"
#include "formats/json.hpp"

namespace trueup::facts {
namespace {

constexpr std::size_t kMaxTests = 8;           // of one operation
constexpr std::size_t kMaxTestedBytes = 200;   // of one value

enum class Shape : std::uint8_t { scalar, mapping, list };

struct Tree {
  Shape shape = Shape::mapping;
  std::string_view json;  ///< of a scalar
  bool hidden = false, kept = false;
  std::map<std::string, Tree, std::less<>> children;  ///< by their step in the pointer
};

bool is_position(std::string_view step) { return !step.empty() && step.find_first_not_of("0123456789") == step.npos; }

/// A step of a field's pointer as JSON patches write it.
std::string_view plain_step(std::string_view step) { return step.starts_with('"') ? step.substr(1, step.size() - 2) : step; }

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

/// A key of a mapping, as JSON.
std::string key_json(std::string_view step) {
  return quoted(replace_all(replace_all(plain_step(step), "~1", "/"), "~0", "~"));
}

/// Children of a list in the order of their positions.
std::vector<const Tree*> elements_of(const Tree& list) {
  std::vector<const Tree*> elements(list.children.size());
  for (const auto& [step, child] : list.children) elements[std::stoul(step)] = &child;
  return elements;
}

/// Tells lists from mappings. False where a list has a gap: an element of which nothing is kept.
bool settle(Tree& tree) {
  if (tree.shape == Shape::mapping && !tree.children.empty() && std::ranges::all_of(tree.children, [](const auto& each) { return is_position(each.first); }))
    tree.shape = Shape::list;
  for (std::size_t i = 0; tree.shape == Shape::list && i < tree.children.size(); ++i)
    if (!tree.children.contains(std::to_string(i))) return false;
  return std::ranges::all_of(tree.children, [](auto& each) { return settle(each.second); });
}

/// The fields of a JSON object as a tree. Views of `document`.
std::optional<Tree> tree_of(const formats::Document& document, const std::set<std::string_view>& hidden, const std::set<std::string_view>& kept) {
  if (document.problem() || !document.is_mapping(document.root())) return std::nullopt;
  Tree root;
  for (const formats::NodeIndex node : document.children(document.root())) {
    const formats::Node& value = document[node];
    const std::string_view pointer = document[value.key].value;
    if (!pointer.starts_with('/') || static_cast<std::size_t>(std::ranges::count(pointer, '/')) > limits::kMaxDepth + 2) return std::nullopt;
    Tree* at = &root;
    for (std::size_t begin = 1; begin <= pointer.size();) {
      const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
      at = &at->children[std::string(pointer.substr(begin, end - begin))];
      begin = end + 1;
    }
    const bool text = value.style == formats::ScalarStyle::double_quoted;
    at->shape = value.kind == formats::NodeKind::scalar ? Shape::scalar : value.kind == formats::NodeKind::sequence ? Shape::list : Shape::mapping;
    at->json = document.source().substr(value.span.begin - text, value.span.end - value.span.begin + 2 * text);
    at->hidden = hidden.contains(pointer);
    at->kept = kept.contains(pointer);
  }
  if (!settle(root)) return std::nullopt;
  return root;
}

bool same(const Tree& a, const Tree& b) {
  return a.shape == b.shape && (a.shape != Shape::scalar || a.json == b.json) &&
         std::ranges::equal(a.children, b.children, [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

bool hides(const Tree& tree) {
  return tree.hidden || std::ranges::any_of(tree.children, [](const auto& each) { return hides(each.second); });
}
bool keeps_any(const Tree& tree) {
  return tree.kept || std::ranges::any_of(tree.children, [](const auto& each) { return keeps_any(each.second); });
}
bool keeps_all(const Tree& tree) {
  return tree.children.empty() ? tree.kept : std::ranges::all_of(tree.children, [](const auto& each) { return keeps_all(each.second); });
}

void write(const Tree& tree, std::string& out) {
  if (tree.shape == Shape::scalar) {
    out += tree.json;
    return;
  }
  const bool list = tree.shape == Shape::list;
  const std::size_t begin = out.size();
  if (list) {
    for (const Tree* child : elements_of(tree)) {
      out += out.size() == begin ? '[' : ',';
      write(*child, out);
    }
  } else {
    for (const auto& [step, child] : tree.children) {
      out += (out.size() == begin ? '{' : ',') + key_json(step) + ':';
      write(child, out);
    }
  }
  if (out.size() == begin) out += list ? '[' : '{';
  out += list ? ']' : '}';
}

class Patcher {
 public:
  /// False: no patch can be made.
  bool differ(const Tree& live, const Tree& declared, const std::string& path) {
    if (same(live, declared) || (keeps_all(live) && keeps_all(declared))) return true;
    // Either `server` or `name` stands in a destination, and fields do not tell which of both says in-cluster.
    const bool may_go_in = path != "/spec/destination" && live.shape == declared.shape;
    if (may_go_in && live.shape == Shape::mapping) return differ_below(live, declared, path);
    if (may_go_in && live.shape == Shape::list && same_elements(live, declared)) {
      for (const auto& [step, child] : declared.children) {
        const Tree& other = live.children.find(step)->second;
        if (same(other, child)) continue;
        const std::string below = path + "/" + step;
        if (const auto name = other.children.find("name"); name != other.children.end() && !name->second.hidden) test(below + "/name", name->second);
        if (!differ(other, child, below)) return false;
      }
      return true;
    }
    if (declared.hidden && declared.shape == Shape::scalar && live.shape == Shape::scalar) return true;
    if (hides(declared) || keeps_any(declared) || keeps_any(live)) return false;
    test_leaves(live, path);
    change("replace", path, &declared);
    return true;
  }

  std::string text() const { return operations_.empty() ? "" : "[" + operations_ + "]"; }

 private:
  bool differ_below(const Tree& live, const Tree& declared, const std::string& path) {
    for (const auto& [step, child] : live.children) {
      if (declared.children.contains(step) || keeps_all(child)) continue;
      if (keeps_any(child)) return false;
      const std::string below = path + "/" + std::string(plain_step(step));
      test_leaves(child, below);
      change("remove", below, nullptr);
    }
    for (const auto& [step, child] : declared.children) {
      const std::string below = path + "/" + std::string(plain_step(step));
      if (const auto other = live.children.find(step); other != live.children.end()) {
        if (!differ(other->second, child, below)) return false;
      } else if (!(child.hidden && child.shape == Shape::scalar) && !keeps_all(child)) {
        if (hides(child) || keeps_any(child)) return false;
        change("add", below, &child);
      }
    }
    return true;
  }

  /// Whether lists hold one element each for each of the other's: mappings that are called alike where they have a name.
  static bool same_elements(const Tree& live, const Tree& declared) {
    const auto name_of = [](const Tree& element) {
      const auto name = element.children.find("name");
      return name == element.children.end() ? std::string_view() : name->second.json;
    };
    return std::ranges::equal(live.children, declared.children, [&](const auto& a, const auto& b) {
      return a.second.shape == Shape::mapping && b.second.shape == Shape::mapping && name_of(a.second) == name_of(b.second);
    });
  }

  void test_leaves(const Tree& live, const std::string& path) {
    std::size_t left = kMaxTests;
    if (path != "/spec/destination") test_leaves(live, path, left);
  }
  void test_leaves(const Tree& live, const std::string& path, std::size_t& left) {
    if (left == 0) return;
    if (live.shape == Shape::scalar && !live.hidden && live.json.size() <= kMaxTestedBytes) {
      --left;
      test(path, live);
    }
    for (const auto& [step, child] : live.children) test_leaves(child, path + "/" + std::string(plain_step(step)), left);
  }

  void test(const std::string& path, const Tree& value) {
    if (tested_.insert(path).second) change("test", path, &value);
  }

  void change(std::string_view operation, const std::string& path, const Tree* value) {
    if (!operations_.empty()) operations_ += ',';
    operations_ += R"({"op":")" + std::string(operation) + R"(","path":)" + quoted(path);
    if (value != nullptr) {
      operations_ += R"(,"value":)";
      write(*value, operations_);
    }
    operations_ += '}';
  }

  std::string operations_;
  std::set<std::string> tested_;
};

}  // namespace

std::optional<std::string> spec_patch(std::string_view live, std::string_view declared, std::string_view hidden, std::string_view kept) {
  const formats::Document before = formats::parse_json(live), after = formats::parse_json(declared), secrets = formats::parse_json(hidden),
                          others = formats::parse_json(kept);
  const auto pointers = [](const formats::Document& list) {
    std::set<std::string_view> texts;
    for (const formats::NodeIndex each : list.children(list.root())) texts.insert(list.text(each).value_or(""));
    return texts;
  };
  for (const formats::Document* list : {&secrets, &others})
    if (list->problem() || !list->is_sequence(list->root())) return std::nullopt;
  const auto from = tree_of(before, pointers(secrets), pointers(others)), to = tree_of(after, pointers(secrets), pointers(others));
  Patcher patcher;
  if (!from || !to || !patcher.differ(*from, *to, "/spec") || patcher.text().empty()) return std::nullopt;
  return patcher.text();
}

}  // namespace trueup::facts
