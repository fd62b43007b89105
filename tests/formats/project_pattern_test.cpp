#include "formats/project_pattern.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

struct Case {
  std::string_view pattern, text;
  std::optional<bool> taken;
};

TEST(ProjectPattern, SourcesAreComparedInOneForm) {
  for (const Case& c : {Case{"*", "https://git.example/a/b", true}, Case{"https://git.example/acme/*", "https://Git.example/acme/deploy.git", true},
                        Case{"https://git.example/acme/*", "https://git.example/acme/a/b", false}, Case{"https://git.example/**", "https://git.example/acme/a/b", true},
                        Case{"git@git.example:acme/deploy.git", "ssh://git@git.example/acme/deploy", true},
                        Case{"https://git.example/acme/deploy", "https://git.example/acme/deploy.git", true},
                        Case{"https://git.example/acme/deploy", "git@git.example:acme/deploy", false}, Case{"registry.example/charts", "registry.example/charts", true},
                        Case{"https://git.example/[", "https://git.example/x", std::nullopt}, Case{"", "https://git.example/x", false}})
    EXPECT_EQ(project_source_matches(c.pattern, c.text), c.taken) << c.pattern << ' ' << c.text;
}

TEST(ProjectPattern, AStarOfADestinationTakesAnything) {
  for (const Case& c : {Case{"*", "", true}, Case{"https://*.example", "https://k8s.a.example", true}, Case{"https://*", "https://a/b/c", true},
                        Case{"team-*", "team-a", true}, Case{"team-*", "a-team-a", false}, Case{"team", "team", true}, Case{"team", "", false},
                        Case{"**", "x", true}, Case{"[", "x", std::nullopt}})
    EXPECT_EQ(project_destination_matches(c.pattern, c.text), c.taken) << c.pattern << ' ' << c.text;
}

}  // namespace
}  // namespace trueup::formats
