// Compose files: which files and ports of the host their services take.

#include <charconv>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

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
    reader_.for_each_entry(service.value, [&](const GithubReader::Entry& entry) {
      if (entry.name == "env_file") reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { read_env_file(id, each); });
      if (entry.name == "volumes") reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { read_volume(id, each); });
      if (entry.name == "ports") reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { read_port(id, each); });
    });
  }

  void read_env_file(LocalId service, NodeIndex node) {
    const NodeIndex path = reader_.document().is_mapping(node) ? reader_.document().child(node, "path") : node;
    if (const auto text = reader_.text(path))
      rows_.add(ComposeFileRow{service, reader_.span(path), "env_file", std::string(*text), reader_.text(reader_.document().child(node, "required")) != "false"});
  }

  void read_volume(LocalId service, NodeIndex node) {
    if (reader_.document().is_mapping(node)) {
      const NodeIndex source = reader_.document().child(node, "source");
      if (reader_.text(reader_.document().child(node, "type")) == "bind")
        if (const auto text = reader_.text(source)) rows_.add(ComposeFileRow{service, reader_.span(source), "volume", std::string(*text), 1});
      return;
    }
    const auto text = reader_.text(node);
    if (!text || text->empty() || (text->front() != '.' && text->front() != '~' && text->front() != '/' && text->front() != '$')) return;  // named
    const std::size_t colon = text->find(':', text->starts_with("${") ? std::min(text->find('}'), text->size() - 1) : 0);
    rows_.add(ComposeFileRow{service, reader_.span(node, {0, static_cast<std::uint32_t>(std::min(colon, text->size()))}), "volume", std::string(text->substr(0, colon)), 1});
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
