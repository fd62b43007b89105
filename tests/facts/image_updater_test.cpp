#include "facts/image_updater.hpp"

#include <gtest/gtest.h>

namespace trueup::facts {
namespace {

TEST(WrittenParameters, AreThoseThatAreToldAndTheUpdatersOwnWhereNoneAre) {
  const auto of = [](const std::string& spec, const std::string& name, const std::string& tag) {
    WrittenParameters written;
    written.add(spec, name, tag);
    return written.json();
  };
  EXPECT_EQ(WrittenParameters().json(), "[]");
  EXPECT_EQ(of("", "", ""), R"(["image.name","image.tag"])");
  EXPECT_EQ(of("", "", "atlas.tag"), R"(["atlas.tag","image.name"])");
  EXPECT_EQ(of("atlas.image", "", ""), R"(["atlas.image"])");
}

}  // namespace
}  // namespace trueup::facts
