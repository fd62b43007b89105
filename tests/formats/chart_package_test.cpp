#include "formats/chart_package.hpp"

#include <array>
#include <cstdio>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "formats/gzip.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Files = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> paths_of(const ChartPackage& package) {
  std::vector<std::string> paths;
  for (const PackagedFile& file : package.files) paths.push_back(file.path);
  return paths;
}

TEST(ChartPackage, TellsFilesSizesAndTheTwoTexts) {
  const Files files = {{"Chart.yaml", "name: atlas\n"}, {"values.yaml", "a: 1\n"}, {"charts/redis/values.yaml", "b: 2\n"}, {"bin/tool", std::string(3000, 'x')}};
  const auto package = read_chart_package(pack_chart("atlas", files));
  ASSERT_TRUE(package) << package.error().message;
  EXPECT_EQ(package->folder, "atlas");
  EXPECT_THAT(paths_of(*package), ElementsAre("Chart.yaml", "values.yaml", "charts/redis/values.yaml", "bin/tool"));
  EXPECT_EQ(package->chart_yaml, "name: atlas\n");
  EXPECT_EQ(package->values_yaml, "a: 1\n");
  EXPECT_EQ(package->files[3].bytes, 3000u);
  EXPECT_EQ(package->unpacked_bytes, 12u + 5 + 5 + 3000);
  EXPECT_TRUE(package->whole);
}

TEST(ChartPackage, TellsWhatLiesOutside) {
  const auto package = read_chart_package(pack_chart("atlas", Files{{"Chart.yaml", "x"}, {"../other/Chart.yaml", "y"}, {"a/../../b", "z"}}));
  ASSERT_TRUE(package);
  EXPECT_FALSE(package->files[0].outside);
  EXPECT_TRUE(package->files[1].outside);
  EXPECT_TRUE(package->files[2].outside);
  EXPECT_EQ(package->chart_yaml, "x");
}

TEST(ChartPackage, LongPathsAreWhole) {
  const std::string path = std::string(120, 'd') + "/" + std::string(90, 'f');
  const auto package = read_chart_package(pack_chart("atlas", Files{{"Chart.yaml", "x"}, {path, "y"}}));
  ASSERT_TRUE(package) << package.error().message;
  EXPECT_EQ(package->files[1].path, path);
}

TEST(ChartPackage, MoreThanHelmUnpacksIsNotWholeAndNotHeld) {
  const auto package = read_chart_package(pack_chart("atlas", Files{{"Chart.yaml", "x"}, {"big", std::string(limits::kMaxChartBytes, '\0')}}));
  ASSERT_TRUE(package) << package.error().message;
  EXPECT_FALSE(package->whole);
}

TEST(ChartPackage, WhatIsNoPackageSaysSo) {
  EXPECT_THAT(read_chart_package("").error().message, HasSubstr("cut short"));
  EXPECT_THAT(read_chart_package("<html>not found</html>").error().message, HasSubstr("no gzip"));
  const std::string whole = pack_chart("atlas", Files{{"Chart.yaml", std::string(5000, 'x')}});
  EXPECT_THAT(read_chart_package(whole.substr(0, whole.size() / 2)).error().message, HasSubstr("cut short"));
  EXPECT_THAT(read_chart_package(pack_chart("atlas", Files{})).error().message, HasSubstr("no file"));
}

std::string output_of(const std::string& command) {
  std::string output;
  if (std::FILE* pipe = popen(command.c_str(), "r")) {
    std::array<char, 4096> piece;
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe)) output.append(piece.data(), got);
    pclose(pipe);
  }
  return output;
}

TEST(ChartPackage, AgreesWithTarInAllItsFormats) {
  const std::string name = std::string(80, 'n') + ".yaml", deep = std::string(90, 'd') + "/" + std::string(90, 'e') + "/" + name;
  for (const char* format : {"ustar", "pax", "gnu", "v7"}) {
    const bool has_long_names = std::string_view(format) == "pax" || std::string_view(format) == "gnu";
    const std::string path = has_long_names ? deep : name;
    const std::string packed = output_of("d=$(mktemp -d) && mkdir -p \"$d/atlas/$(dirname " + path + ")\" && echo 'name: atlas' > $d/atlas/Chart.yaml && echo x > $d/atlas/" + path +
                                         " && ln -s Chart.yaml $d/atlas/link && tar -C $d --sort=name --format=" + format + " -czf - atlas 2>/dev/null; rm -rf \"$d\"");
    if (packed.empty()) GTEST_SKIP() << "there is no tar";
    const auto package = read_chart_package(packed);
    ASSERT_TRUE(package) << format << ": " << package.error().message;
    EXPECT_EQ(package->chart_yaml, "name: atlas\n") << format;
    EXPECT_THAT(paths_of(*package), testing::UnorderedElementsAre("Chart.yaml", "link", path)) << format;
    for (const PackagedFile& file : package->files) EXPECT_EQ(file.is_link, file.path == "link") << format;
  }
}

TEST(ChartPackage, BytesThatWereChangedNeverCrashIt) {
  std::mt19937 random(7);
  const std::string packed = pack_chart("atlas", Files{{"Chart.yaml", "name: atlas\n"}, {"values.yaml", "a: 1\n"}, {"templates/x.yaml", std::string(700, 'y')}});
  std::string archive(6 * 512 + 1024, '\0');
  GzipReader reader(packed);
  const auto size = reader.read(archive.data(), archive.size());
  ASSERT_TRUE(size);
  archive.resize(*size);
  std::size_t read = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = i % 2 == 0 ? packed : archive;
    for (int n = 0; n < 3; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto package = read_chart_package(i % 2 == 0 ? bytes : gzipped(bytes));
    if (!package) continue;
    ++read;
    EXPECT_LE(package->files.size(), 10u);
  }
  EXPECT_GT(read, 10u);
}

}  // namespace
}  // namespace trueup::formats
