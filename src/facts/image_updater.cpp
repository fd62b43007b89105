#include "facts/image_updater.hpp"

#include "facts/extract/github_reader.hpp"

namespace trueup::facts {

std::string WrittenParameters::json() const {
  std::string list;
  for (const std::string& name : names_) append_json_string(name, list += list.empty() ? "[" : ",");
  return list.empty() ? "[]" : list + "]";
}

}  // namespace trueup::facts
