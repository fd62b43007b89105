// Compose files: which files and ports of the host their services take, and which variables they are filled with.

#include <charconv>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

constexpr std::size_t kMaxFallback = 1024;  // bytes that are looked at for the brace that closes

std::optional<std::int64_t> port_of(std::string_view text) {
  text = text.substr(0, text.find('/'));  // 80/tcp
  std::int64_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65'536 ? std::optional(port) : std::nullopt;
}

class ComposeReader {
 public:
  ComposeReader(BlobRows& rows, const formats::Document& document) : rows_(rows), reader_(rows, document) {}

  void read() {
    reader_.for_each_entry(reader_.root(), [&](const GithubReader::Entry& entry) {
      if (entry.name == "services")
        reader_.for_each_entry(entry.value, [&](const GithubReader::Entry& service) { read_service(service); });
      else
        read_variables({}, entry.value);
    });
    reader_.finish();
  }

 private:
  void read_service(const GithubReader::Entry& service) {
    if (!reader_.document().is_mapping(service.value)) return;
    ComposeServiceRow row;
    row.span = reader_.span(service.key);
    row.name = service.name;
    row.image = reader_.written(reader_.document().child(service.value, "image"));
    row.network_mode = reader_.written(reader_.document().child(service.value, "network_mode"));
    const LocalId id = rows_.add(std::move(row));
    read_variables(id, service.value);
    reader_.for_each_entry(service.value, [&](const GithubReader::Entry& entry) {
      if (entry.name == "env_file") reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { read_env_file(id, each); });
      if (entry.name == "volumes") reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { read_volume(id, each); });
      if (entry.name == "ports") reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { read_port(id, each); });
    });
  }

  /// Those of all values below a node; keys are not filled in.
  void read_variables(LocalId service, NodeIndex node) {
    if (!rows_.wants(Table::compose_variable)) return;
    if (const auto text = reader_.text(node)) return read_variables(service, node, *text);
    reader_.for_each_entry(node, [&](const GithubReader::Entry& entry) { read_variables(service, entry.value); });
    reader_.for_each_element(node, [&](NodeIndex each, std::uint32_t) { read_variables(service, each); });
  }

  /// $X, ${X}, ${X:-fallback} and the like in a text; $$ is a dollar.
  void read_variables(LocalId service, NodeIndex node, std::string_view text) {
    const auto is_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    for (std::size_t at = 0; (at = text.find('$', at)) != text.npos;) {
      const std::size_t begin = at++;
      if (at < text.size() && text[at] == '$') {
        ++at;
        continue;
      }
      const bool braced = at < text.size() && text[at] == '{';
      const std::size_t name_at = at + (braced ? 1 : 0);
      std::size_t end = name_at;
      while (end < text.size() && is_name(text[end])) ++end;
      if (end == name_at || (text[name_at] >= '0' && text[name_at] <= '9')) continue;
      ComposeVariableRow row;
      row.compose_service = service;
      row.name = text.substr(name_at, end - name_at);
      row.form = "plain";
      if (braced) {
        const std::size_t operation = text.compare(end, 1, ":") == 0 ? end + 1 : end;
        const char kind = operation < text.size() ? text[operation] : '\0';
        std::size_t close = end, depth = 1;  // ${A:-${B}}
        const std::size_t last = std::min(text.size(), end + kMaxFallback);
        for (; close < last; ++close) {
          if (text[close] == '{') ++depth;
          if (text[close] == '}' && --depth == 0) break;
        }
        if (close >= last) continue;
        if (kind == '-' || kind == '?' || kind == '+') row.form = kind == '-' ? "default" : kind == '?' ? "required" : "alternate";
        else if (end != close) continue;
        if (kind == '-') {
          row.fallback = text.substr(operation + 1, close - operation - 1);
          row.fallback_span = reader_.span(node, {static_cast<std::uint32_t>(operation + 1), static_cast<std::uint32_t>(close)});
        }
        end = close + 1;
      }
      row.span = reader_.span(node, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
      rows_.add(std::move(row));
      at = braced ? std::max(name_at + 1, begin + 1) : end;  // a fallback may hold others
    }
  }

  void read_env_file(LocalId service, NodeIndex node) {
    const NodeIndex path = reader_.document().is_mapping(node) ? reader_.document().child(node, "path") : node;
    if (const auto text = reader_.text(path))
      add_file({service, reader_.span(path), "env_file", std::string(*text), reader_.text(reader_.document().child(node, "required")) != "false"});
  }

  /// Whether it is there can only be told if it is looked for. Compose sees it from the folder of its file.
  void add_file(ComposeFileRow row) {
    const bool is_below = !row.source.empty() && row.source.front() != '/' && row.source.front() != '~' && row.source.find('$') == row.source.npos;
    if (is_below && rows_.wants(Table::compose_file)) rows_.add(PathMentionRow{{}, {}, row.span, "file", row.source, "compose_file", 0});
    rows_.add(std::move(row));
  }

  void read_volume(LocalId service, NodeIndex node) {
    if (reader_.document().is_mapping(node)) {
      const NodeIndex source = reader_.document().child(node, "source");
      if (reader_.text(reader_.document().child(node, "type")) == "bind")
        if (const auto text = reader_.text(source)) add_file({service, reader_.span(source), "volume", std::string(*text), 1});
      return;
    }
    const auto text = reader_.text(node);
    if (!text || text->empty() || (text->front() != '.' && text->front() != '~' && text->front() != '/' && text->front() != '$')) return;  // named
    const std::size_t colon = text->find(':', text->starts_with("${") ? std::min(text->find('}'), text->size() - 1) : 0);
    add_file({service, reader_.span(node, {0, static_cast<std::uint32_t>(std::min(colon, text->size()))}), "volume", std::string(text->substr(0, colon)), 1});
  }

  void read_port(LocalId service, NodeIndex node) {
    ComposePortRow row;
    row.compose_service = service;
    if (reader_.document().is_mapping(node)) {
      const NodeIndex target = reader_.document().child(node, "target");
      if (target == formats::kNoNode) return;
      row.span = reader_.span(target);
      row.container_port = port_of(reader_.text(target).value_or(""));
      row.host_port = port_of(reader_.text(reader_.document().child(node, "published")).value_or(""));
    } else {
      const auto text = reader_.text(node);
      if (!text) return;
      row.span = reader_.span(node);
      const std::size_t last = text->rfind(':');
      row.container_port = port_of(last == text->npos ? *text : text->substr(last + 1));
      if (last != text->npos) {
        const std::string_view host = text->substr(0, last);
        row.host_port = port_of(host.substr(host.rfind(':') + 1));
      }
    }
    rows_.add(std::move(row));
  }

  BlobRows& rows_;
  GithubReader reader_;
};

}  // namespace

void extract_compose(BlobRows& rows) {
  if (const auto document = parse_yaml_into(rows)) ComposeReader(rows, *document).read();
}

}  // namespace trueup::facts
