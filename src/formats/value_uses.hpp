#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/shell_view.hpp"

/// Versions, tags and names that a script gives to what it publishes or edits.
namespace trueup::formats {

enum class ValuePurpose : std::uint8_t {
  chart_version,       ///< `helm package --version`, an edit of Chart.yaml
  app_version,         ///< `helm package --app-version`, an edit of Chart.yaml
  dependency_version,  ///< an edit of a dependency in Chart.yaml
  image_reference,     ///< what docker and its kin build, tag or push
  image_tag,           ///< an edit of `image.tag` or `imageTag` in a YAML file
  release_tag,         ///< `gh release create`, `git tag`
  release_title,       ///< of the release that the same command or action makes
};
std::string_view to_string(ValuePurpose purpose);

struct ValueUse {
  ValuePurpose purpose = ValuePurpose::chart_version;
  std::string subject;  ///< of a dependency's version: the dependency's name; else empty
  ShellText text;       ///< variables looked through
  ByteRange command;    ///< the program's name
  std::uint32_t before = 0;
  bool conditional = false;
};

/// In the order of the script. One that is not plain is left out.
std::vector<ValueUse> read_value_uses(const ScriptView& script);

/// What an input of a widely used action is for; nothing for other actions and inputs. `action` is owner/name.
struct ActionInput {
  std::string_view action, input;
  ValuePurpose purpose;
};
const ActionInput* find_value_input(std::string_view action, std::string_view input);

}  // namespace trueup::formats
