#include "formats/chart_package.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/gzip.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kBlock = 512;
/// Of a pax header or a long name; Chart.yaml and values.yaml are kept up to this much, too.
constexpr std::size_t kMaxKept = std::size_t{5} << 20;

Error malformed(std::string what) { return {Fault::malformed, std::move(what)}; }

using Header = std::array<char, kBlock>;

std::string text_of(const Header& header, std::size_t at, std::size_t size) {
  const std::string_view field(header.data() + at, size);
  return std::string(field.substr(0, field.find('\0')));
}

/// An octal number, or GNU's binary one of large files.
std::optional<std::uint64_t> number_of(const Header& header, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  if ((static_cast<unsigned char>(header[at]) & 0x80u) != 0) {
    for (std::size_t i = at + size - 8; i < at + size; ++i) number = number << 8 | static_cast<unsigned char>(header[i]);
    return number;
  }
  for (std::size_t i = at; i < at + size; ++i) {
    const char c = header[i];
    if (c == ' ' || c == '\0') continue;
    if (c < '0' || c > '7' || number >> 60 != 0) return std::nullopt;
    number = number * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

/// The sum of all bytes, with those of the sum itself taken as spaces.
bool sum_holds(const Header& header) {
  constexpr std::size_t kAt = 148, kSize = 8;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= kAt && i < kAt + kSize ? ' ' : static_cast<unsigned char>(header[i]);
  return number_of(header, kAt, kSize) == sum;
}

/// `path` of a pax header: records "<length> <key>=<value>\n".
std::optional<std::string> pax_path(std::string_view records) {
  std::optional<std::string> path;
  while (!records.empty()) {
    std::size_t length = 0, at = 0;
    while (at < records.size() && records[at] >= '0' && records[at] <= '9' && length <= records.size())
      length = length * 10 + static_cast<std::size_t>(records[at++] - '0');
    if (at == 0 || length <= at + 1 || length > records.size() || records[at] != ' ') return path;
    const std::string_view record = records.substr(at + 1, length - at - 2);
    const std::size_t equals = record.find('=');
    if (record.substr(0, equals) == "path" && equals != std::string_view::npos) path = record.substr(equals + 1);
    records.remove_prefix(length);
  }
  return path;
}

class TarReader {
 public:
  TarReader(std::string_view bytes, bool with_texts, std::size_t max_bytes) : inflater_(bytes), with_texts_(with_texts), max_bytes_(max_bytes) {}

  Result<ChartPackage> read() {
    Header header;
    while (package_.whole) {
      auto got = inflater_.read(header.data(), kBlock);
      if (!got) return std::move(got).error();
      if (*got == 0 || std::ranges::all_of(header, [](char c) { return c == '\0'; })) break;
      if (*got < kBlock) return malformed("its tar is cut short");
      if (!sum_holds(header)) return malformed("it holds no tar archive");
      if (auto taken = take(header); !taken) return std::move(taken).error();
    }
    if (package_.files.empty() && package_.whole) return malformed("it holds no file");
    return std::move(package_);
  }

 private:
  Result<void> take(const Header& header) {
    constexpr std::size_t kSizeAt = 124, kTypeAt = 156, kMagicAt = 257, kPrefixAt = 345;
    const auto size = number_of(header, kSizeAt, 12);
    if (!size) return malformed("it names a file's size by something that is no number");
    const char type = header[kTypeAt];
    std::string name = text_of(header, 0, 100);
    if (text_of(header, kMagicAt, 6) == "ustar")
      if (const std::string prefix = text_of(header, kPrefixAt, 155); !prefix.empty()) name = prefix + "/" + name;

    const bool describes_next = type == 'x' || type == 'L';
    const bool is_text = (type == '0' || type == '\0') && is_kept(long_name_ ? *long_name_ : name);
    std::string kept;
    if (auto body = pass(*size, describes_next || is_text ? &kept : nullptr, describes_next); !body) return body;
    if (type == 'x') {
      if (auto path = pax_path(kept)) long_name_ = std::move(path);
      return {};
    }
    if (type == 'L') {
      long_name_ = kept.substr(0, kept.find('\0'));
      return {};
    }
    if (type == 'g' || type == 'K') return {};
    if (long_name_) name = *std::exchange(long_name_, std::nullopt);
    if (type != '5') add(std::move(name), static_cast<std::size_t>(*size), type, std::move(kept));
    return {};
  }

  /// Whether the text of a file may be wanted, whatever folder the package turns out to begin with.
  bool is_kept(std::string_view name) const {
    while (name.starts_with("./")) name.remove_prefix(2);
    const bool describes = name.ends_with("/Chart.yaml") || name.ends_with("/values.yaml");
    return (describes && std::ranges::count(name, '/') == 1) ||
           (with_texts_ && (describes || name.find("/templates/") != name.npos || (name.ends_with(".tgz") && name.find("/charts/") != name.npos)));
  }

  /// Passes over a body and what fills its last block.
  Result<void> pass(std::uint64_t size, std::string* keep, bool describes_next) {
    if (!describes_next) package_.unpacked_bytes += static_cast<std::size_t>(std::min<std::uint64_t>(size, max_bytes_));
    if (package_.unpacked_bytes > max_bytes_ || (describes_next && size > kMaxKept)) {
      package_.whole = false;
      return {};
    }
    std::array<char, 64 * kBlock> piece;
    for (std::uint64_t left = (size + kBlock - 1) / kBlock * kBlock, text = size; left > 0;) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
      const auto got = inflater_.read(piece.data(), wanted);
      if (!got) return got.error();
      if (*got < wanted) return malformed("its tar is cut short");
      if (keep != nullptr && keep->size() < kMaxKept)
        keep->append(piece.data(), static_cast<std::size_t>(std::min<std::uint64_t>({text, wanted, kMaxKept - keep->size()})));
      text -= std::min<std::uint64_t>(text, wanted);
      left -= wanted;
    }
    return {};
  }

  void add(std::string name, std::size_t size, char type, std::string kept) {
    while (name.starts_with("./")) name.erase(0, 2);
    const std::size_t slash = name.find('/');
    if (package_.files.empty() && slash != std::string::npos) package_.folder = name.substr(0, slash);
    PackagedFile file;
    file.bytes = size;
    file.is_link = type == '1' || type == '2';
    const auto parts = split(name, '/');
    const bool climbs = std::ranges::any_of(parts, [](std::string_view part) { return part == ".."; });
    file.outside = slash == std::string::npos || slash == 0 || climbs || name.substr(0, slash) != package_.folder;
    file.path = file.outside ? name : name.substr(slash + 1);
    if (!file.outside && !file.is_link && with_texts_ && is_kept(name)) {
      texts_bytes_ += kept.size();
      if (texts_bytes_ > kMaxChartTexts || kept.size() < size) package_.texts_whole = false;
      else package_.texts[file.path] = kept;
    }
    if (!file.outside && file.path == "Chart.yaml") package_.chart_yaml = std::move(kept);
    else if (!file.outside && file.path == "values.yaml") package_.values_yaml = std::move(kept);
    if (package_.files.size() == limits::kMaxChartFiles) package_.whole = false;
    else package_.files.push_back(std::move(file));
  }

  GzipReader inflater_;
  bool with_texts_;
  std::size_t max_bytes_, texts_bytes_ = 0;
  ChartPackage package_;
  std::optional<std::string> long_name_;
};

}  // namespace

Result<ChartPackage> read_chart_package(std::string_view bytes, bool with_texts, std::size_t max_bytes) {
  return TarReader(bytes, with_texts, max_bytes).read();
}

std::string pack_chart(std::string_view folder, std::span<const std::pair<std::string, std::string>> files) {
  std::string archive;
  for (const auto& [path, text] : files) {
    Header header{};
    const auto put = [&](std::size_t at, std::string_view field) { std::ranges::copy(field, header.begin() + static_cast<std::ptrdiff_t>(at)); };
    const auto octal = [](std::uint64_t number, std::size_t digits) {
      std::string field(digits, '0');
      for (; number > 0 && digits > 0; number /= 8) field[--digits] = static_cast<char>('0' + number % 8);
      return field;
    };
    std::string name = std::string(folder) + "/" + path;
    if (name.size() > 100) {
      const std::size_t slash = name.find('/', name.size() - 101);
      put(345, name.substr(0, slash));
      name.erase(0, slash + 1);
    }
    put(0, name);
    put(100, "0000644");
    put(124, octal(text.size(), 11));
    put(136, octal(0, 11));
    put(148, "        ");
    put(156, "0");
    put(257, std::string_view("ustar\0" "00", 8));
    std::uint64_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    put(148, octal(sum, 6) + std::string(1, '\0'));
    archive.append(header.data(), header.size());
    archive += text;
    archive.append((kBlock - text.size() % kBlock) % kBlock, '\0');
  }
  archive.append(2 * kBlock, '\0');
  return gzipped(archive);
}

}  // namespace trueup::formats
