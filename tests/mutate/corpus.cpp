#include "mutate/corpus.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

#include "facts/file_kind.hpp"

namespace trueup::mutate {
namespace {

namespace fs = std::filesystem;

engine::MemorySource::Files read_tree(const fs::path& root) {
  engine::MemorySource::Files files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->path().filename() == ".git") entry.disable_recursion_pending();
    if (!entry->is_regular_file() || entry->is_symlink()) continue;
    std::ifstream file(entry->path(), std::ios::binary);
    files[entry->path().lexically_relative(root).string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

/// "\1: again" with what the groups hold.
std::string fill(const RE2& pattern, const char* rewrite, const std::vector<re2::StringPiece>& groups) {
  std::string text;
  if (!pattern.Rewrite(&text, rewrite, groups.data(), static_cast<int>(groups.size())))
    throw std::logic_error(std::string("no rewrite: ") + rewrite);
  return text;
}

}  // namespace

std::optional<Fleet> corpus_fleet() {
  const fs::path folder = fs::path(TRUEUP_SOURCE_DIR) / "../shared/corpus";
  if (!fs::is_directory(folder)) return std::nullopt;
  std::string scratch = (fs::temp_directory_path() / "trueup-corpus-XXXXXX").string();
  if (mkdtemp(scratch.data()) == nullptr) throw std::runtime_error("no temporary folder");
  Fleet fleet;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".bundle") continue;
    const std::string name = entry.path().stem().string();
    const fs::path tree = fs::path(scratch) / name;
    const std::string command = "git clone -q --single-branch --no-tags -b main '" + entry.path().string() + "' '" + tree.string() + "'";
    if (std::system(command.c_str()) == 0) fleet.repositories["corpus/" + name]["main"] = read_tree(tree);
  }
  fs::remove_all(scratch);
  return fleet;
}

std::vector<Site> sites_of(const Shape& shape, const Fleet& fleet) {
  const RE2 path_pattern(shape.path), pattern(shape.text);
  if (!path_pattern.ok() || !pattern.ok()) throw std::logic_error(std::string("malformed pattern of ") + shape.code);
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  const re2::StringPiece& replaced = groups.at(static_cast<std::size_t>(pattern.NamedCapturingGroups().at("at")));
  std::vector<Site> sites;
  for (const auto& [slug, branches] : fleet.repositories)
    for (const auto& [path, bytes] : branches.at("main")) {
      if (!RE2::PartialMatch(path, path_pattern) || !facts::is_wanted(path, {})) continue;
      const re2::StringPiece text(bytes);
      for (std::size_t from = 0; from <= bytes.size() &&
                                 pattern.Match(text, from, bytes.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));) {
        Site site{slug, path, {}, fill(pattern, shape.with, groups), {}};
        const auto begin = static_cast<std::uint32_t>(replaced.data() - bytes.data());
        site.replaced = {begin, begin + static_cast<std::uint32_t>(replaced.size())};
        const std::string flagged = fill(pattern, shape.flagged, groups);
        const auto at = static_cast<std::uint32_t>(site.with.rfind(flagged));
        site.flagged = {at, at + static_cast<std::uint32_t>(flagged.size())};
        sites.push_back(std::move(site));
        from = std::max<std::size_t>(site.replaced.end, from + 1);
      }
    }
  return sites;
}

std::vector<Site> choose(std::vector<Site> sites, std::size_t most, std::uint32_t seed) {
  std::mt19937 random(seed);
  while (sites.size() > most) sites.erase(sites.begin() + static_cast<std::ptrdiff_t>(random() % sites.size()));
  return sites;
}

std::vector<Flagged> inject(Fleet& fleet, const std::vector<Site>& sites) {
  std::vector<Flagged> flagged;
  std::uint32_t shift = 0;  // modulo 2^32, so texts may also become shorter
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Site& site = sites[i];
    if (i == 0 || sites[i - 1].slug != site.slug || sites[i - 1].path != site.path) shift = 0;
    std::string& bytes = fleet.repositories.at(site.slug).at("main").at(site.path);
    const std::uint32_t begin = site.replaced.begin + shift;
    bytes.replace(begin, site.replaced.end - site.replaced.begin, site.with);
    flagged.push_back({site.slug, site.path, {begin + site.flagged.begin, begin + site.flagged.end}});
    shift += static_cast<std::uint32_t>(site.with.size()) - (site.replaced.end - site.replaced.begin);
  }
  return flagged;
}

}  // namespace trueup::mutate
