#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"

namespace trueup::cli {

int run_config(const ConfigArguments& arguments, const Environment& environment) {
  auto assembled = assemble(arguments.source, environment, false);
  if (const auto* error = std::get_if<AssemblyError>(&assembled)) {
    for (const std::string& line : error->lines) environment.err("trueup: " + printable(line) + "\n");
    return 2;
  }
  const Assembly& assembly = *std::get<std::unique_ptr<Assembly>>(assembled);
  std::string text;
  if (!assembly.config.file.empty())
    text = "# " + printable(assembly.config.file) + (assembly.config_from_base ? ", as it stands at the base\n" : "\n");
  text += show_config(assembly.config);
  for (const std::string& note : assembly.notes) text += "# " + printable(note) + "\n";
  environment.out(text);
  return 0;
}

}  // namespace trueup::cli
