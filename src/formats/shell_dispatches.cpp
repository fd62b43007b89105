#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "formats/expression.hpp"
#include "formats/shell_effect_readers.hpp"

/// Events that a script sends to GitHub by curl or gh.
///
/// The request's body comes in many ways: in pieces of quotes, from a here-document, a pipe, a file that the script
/// wrote, a jq program. All become one text with holes, of which the JSON reader takes the keys; what cannot be read is
/// said to be unread.
namespace trueup::formats {
namespace {

/// A body, before it is known to be JSON.
struct Body {
  ShellText text;
  JsonDialect dialect = JsonDialect::json;
  std::map<std::string, ShellWord, std::less<>> texts = {};   // jq --arg
  std::map<std::string, ShellWord, std::less<>> values = {};  // jq --argjson
};

/// A request as far as the command line says.
struct Request {
  DispatchTool tool = DispatchTool::curl;
  std::optional<ShellText> endpoint;
  bool posts = false;
  std::vector<ShellWord> fields;  ///< of gh: `key=value`
  bool any_field_unknown = false;
  bool has_body = false;
  std::optional<Body> body;  ///< nothing though has_body: it cannot be read
};

/// What a URL or path of GitHub's API asks for.
struct Endpoint {
  ShellText repository;
  std::optional<ShellText> workflow;  ///< of …/actions/workflows/{id}/dispatches
};

std::optional<Endpoint> read_endpoint(const ShellText& url) {
  static constexpr std::string_view kRepos = "repos/", kDispatches = "/dispatches", kWorkflows = "/actions/workflows/";
  std::string_view bytes = url.bytes();
  bytes = bytes.substr(0, bytes.find_first_of("?#"));
  while (bytes.ends_with('/')) bytes.remove_suffix(1);
  if (!bytes.ends_with(kDispatches)) return std::nullopt;
  const std::size_t end = bytes.size() - kDispatches.size();
  std::size_t begin = bytes.find(kRepos);
  if (begin != bytes.npos) {
    if (begin > 0 && bytes[begin - 1] != '/' && !url.is_hole(begin - 1)) return std::nullopt;
    begin += kRepos.size();
  } else {
    // `$URL/dispatches`: the repository is somewhere in the hole.
    if (bytes.empty() || !url.is_hole(0)) return std::nullopt;
    begin = 0;
  }
  if (begin >= end) return std::nullopt;
  Endpoint endpoint;
  const std::size_t workflows = bytes.find(kWorkflows, begin);
  if (workflows == bytes.npos) {
    endpoint.repository = url.cut(begin, end);
  } else {
    endpoint.repository = url.cut(begin, workflows);
    endpoint.workflow = url.cut(workflows + kWorkflows.size(), end);
    if (endpoint.workflow->empty()) return std::nullopt;
  }
  const auto slashes = std::count(endpoint.repository.bytes().begin(), endpoint.repository.bytes().end(), '/');
  return slashes > 1 ? std::nullopt : std::optional(std::move(endpoint));
}

bool is_own(const ShellText& repository) {
  if (const auto text = repository.constant()) return text == "{owner}/{repo}" || text == ":owner/:repo";
  if (repository.size() != 1) return false;
  const WordPart& hole = repository.hole(0);
  if (hole.kind == WordPartKind::parameter) return hole.text == "GITHUB_REPOSITORY";
  const std::string_view inside = trim(hole.text);
  return hole.kind == WordPartKind::github &&
         (inside == "github.repository" || inside == "github.event.repository.full_name");
}

bool is_post(const ShellWord& method) {
  const auto text = method.constant();
  return !text || equal_ignoring_ascii_case(*text, "POST");
}

/// GitHub takes 10 keys of a payload and 25 inputs; more than these are not told apart.
constexpr std::size_t kMaxKeys = 1'000;

void add_key(DispatchPayload& payload, std::string name, ByteRange range) {
  if (payload.keys.size() >= kMaxKeys) {
    payload.complete = false;
    return;
  }
  const bool known = std::any_of(payload.keys.begin(), payload.keys.end(),
                                 [&](const PayloadKey& key) { return key.name == name; });
  if (!known) payload.keys.push_back({std::move(name), range});
}

class DispatchReader {
 public:
  DispatchReader(const ScriptView& script, ScriptEffects& effects) : script_(script), effects_(effects) {}

  void read() {
    for (std::uint32_t i = 0; i < script_.commands().size(); ++i) {
      for (const Bindings& bindings : script_.loop_bindings(i)) {
        const Invocation called = script_.invocation(i, bindings);
        if (called.program == "curl") {
          send(i, read_curl(i, called, bindings));
        } else if (called.program == "gh") {
          read_gh(i, called, bindings);
        }
      }
    }
  }

 private:
  // ---- curl

  static bool takes_value(std::string_view option) {
    static constexpr std::string_view kOptions[] = {
        "--header", "--user", "--output", "--max-time", "--retry", "--retry-delay", "--connect-timeout", "--write-out",
        "--user-agent", "--cookie", "--cacert", "--cert", "--key", "--proxy", "--resolve", "--config", "--referer",
        "--retry-max-time", "--oauth2-bearer", "--dump-header", "--max-redirs", "--limit-rate", "--interface",
        "--variable", "--output-dir", "--stderr", "--trace", "--trace-ascii", "--netrc-file", "--cookie-jar"};
    return std::find(std::begin(kOptions), std::end(kOptions), option) != std::end(kOptions);
  }

  Request read_curl(std::uint32_t index, const Invocation& called, const Bindings& bindings) const {
    Request request;
    request.any_field_unknown = called.more_arguments;
    std::optional<ShellWord> method;
    bool get = false;
    const auto& words = called.arguments;
    const auto positional = [&](const ShellWord& word) {
      const ShellText text(word);
      if (!request.endpoint && read_endpoint(text)) {
        request.endpoint = text;
      } else if (text.has_holes() && !text.empty() && text.is_hole(0)) {
        request.any_field_unknown = true;  // may be options
      }
    };
    const auto option = [&](std::string_view name, const ShellWord& value) {
      if (name == "--request") {
        method = value;
      } else if (name == "--url") {
        positional(value);
      } else if (name.starts_with("--data") || name == "--json") {
        add_data(request, index, name, value, bindings);
      } else if (name.starts_with("--form") || name == "--upload-file") {
        request.has_body = true;
        request.body.reset();
        request.any_field_unknown = true;
      }
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
      const ShellText text(words[i]);
      const auto next = [&] { return i + 1 < words.size() ? words[++i] : ShellWord{}; };
      if (text.size() < 2 || text[0] != '-' || text.is_hole(0)) {
        positional(words[i]);
      } else if (text[1] == '-') {
        static constexpr std::string_view kRead[] = {"--request", "--url", "--data", "--data-raw", "--data-binary",
                                                     "--data-ascii", "--data-urlencode", "--json", "--form",
                                                     "--form-string", "--upload-file"};
        const std::string& name = text.bytes();
        get = get || name == "--get" || name == "--head";
        if (std::find(std::begin(kRead), std::end(kRead), name) != std::end(kRead)) {
          option(name, next());
        } else if (takes_value(name)) {
          (void)next();
        }
      } else {
        short_options(text, next, option, get);
      }
    }
    request.posts = method ? is_post(*method) : request.has_body && !get;
    return request;
  }

  /// `-sSfXPOST`: letters up to one that takes a value, which follows or is the next word.
  template <typename Next, typename Option>
  static void short_options(const ShellText& text, Next&& next, Option&& option, bool& get) {
    static constexpr std::string_view kWithValue = "AbcCdDeEFHKmoPQrtTuUwxXyYz";
    for (std::size_t at = 1; at < text.size() && !text.is_hole(at); ++at) {
      get = get || text[at] == 'G' || text[at] == 'I';
      if (kWithValue.find(text[at]) == kWithValue.npos) continue;
      const ShellWord value = at + 1 < text.size() ? text.cut(at + 1, text.size()).word() : next();
      switch (text[at]) {
        case 'X': return option("--request", value);
        case 'd': return option("--data", value);
        case 'F': return option("--form", value);
        case 'T': return option("--upload-file", value);
        default: return;
      }
    }
  }

  void add_data(Request& request, std::uint32_t index, std::string_view option, const ShellWord& value,
                const Bindings& bindings) const {
    const ShellText text(value);
    std::optional<Body> body;
    if (option != "--data-urlencode") {
      const bool file = option != "--data-raw" && !text.empty() && text[0] == '@' && !text.is_hole(0);
      body = file ? from_file(text.cut(1, text.size()), index, bindings) : from_text(text);
    }
    if (request.has_body) body.reset();  // several are joined by `&`: no JSON
    request.has_body = true;
    request.body = std::move(body);
  }

  // ---- where bodies come from

  /// A text, or the one command whose output stands in its place.
  std::optional<Body> from_text(const ShellText& text) const {
    const bool substitution = text.size() == 1 && text.is_hole(0) && text.hole(0).kind == WordPartKind::command;
    if (substitution) {
      const auto command = script_.only_command_in(text.hole(0).range);
      return command ? from_output(*command, {}) : std::nullopt;
    }
    return Body{text};
  }

  /// A name or `-` for standard input; a file is read if the script wrote it in one piece.
  std::optional<Body> from_file(const ShellText& name, std::uint32_t index, const Bindings& bindings) const {
    const auto file = name.constant();
    if (!file) return std::nullopt;
    if (*file == "-" || *file == "/dev/stdin") return from_input(index, bindings);
    const auto writer = script_.writer_of(*file, script_.commands()[index].range.begin);
    return writer ? from_output(*writer, {}) : std::nullopt;
  }

  std::optional<Body> from_input(std::uint32_t index, const Bindings& bindings) const {
    const ShellCommand& command = script_.commands()[index];
    if (auto text = script_.here_text(index, bindings)) return from_text(text->without_final_newlines());
    for (const Redirection& redirection : command.redirections) {
      if (redirection.op != "<") continue;
      return from_file(ShellText(script_.resolved(redirection.target, command.range.begin)), index, bindings);
    }
    if (command.pipeline_position == 0) return std::nullopt;
    const auto before = script_.neighbour(command.pipeline, command.pipeline_position - 1);
    if (!before || before->is_group) return std::nullopt;
    return from_output(before->index, bindings);
  }

  std::optional<Body> from_output(std::uint32_t index, const Bindings& bindings) const {
    if (auto text = script_.printed(index, bindings)) return Body{*std::move(text)};
    const Invocation called = script_.invocation(index, bindings);
    if (called.program == "jq") return from_jq(called);
    if (called.program == "cat" && called.arguments.size() == 1) {
      const auto file = called.arguments.front().constant();
      const auto writer = file ? script_.writer_of(*file, script_.commands()[index].range.begin) : std::nullopt;
      if (writer && *writer < index) return from_written(*writer);
    }
    return std::nullopt;
  }
  std::optional<Body> from_written(std::uint32_t writer) const {
    if (auto text = script_.printed(writer)) return Body{*std::move(text)};
    const Invocation called = script_.invocation(writer);
    return called.program == "jq" ? from_jq(called) : std::nullopt;
  }

  /// `jq -n --arg name value '{…}'`: reads nothing, so the program is the whole of it.
  static std::optional<Body> from_jq(const Invocation& called) {
    Body body;
    body.dialect = JsonDialect::jq;
    bool null_input = false, found = false;
    const auto& words = called.arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const ShellText text(words[i]);
      const std::string& option = text.bytes();
      if (option.starts_with("--")) {
        null_input = null_input || option == "--null-input";
        const bool named = option == "--arg" || option == "--argjson" || option == "--slurpfile" ||
                           option == "--rawfile";
        if (named && i + 2 < words.size()) {
          auto& into = option == "--arg" ? body.texts : body.values;
          if (const auto name = words[i + 1].constant(); name && option.starts_with("--arg")) {
            into.insert_or_assign(*name, words[i + 2]);
          }
          i += 2;
        } else if (option == "--indent") {
          ++i;
        }
      } else if (option.size() > 1 && option.front() == '-' && !text.is_hole(0)) {
        null_input = null_input || option.find('n') != option.npos;
      } else if (!found) {
        body.text = text;
        found = true;
      }
    }
    if (!null_input || !found) return std::nullopt;
    return body;
  }

  static std::optional<ShellJson> parse(const std::optional<Body>& body) {
    return body ? read_shell_json(body->text, body->dialect) : std::nullopt;
  }

  // ---- gh

  void read_gh(std::uint32_t index, const Invocation& called, const Bindings& bindings) {
    std::vector<ShellWord> words = called.arguments;
    const auto is = [&](std::size_t i, std::string_view text) {
      return i < words.size() && words[i].constant() == text;
    };
    if (is(0, "api")) {
      words.erase(words.begin());
      send(index, read_gh_api(index, words, called.more_arguments, bindings));
    } else if (is(0, "workflow") && is(1, "run")) {
      words.erase(words.begin(), words.begin() + 2);
      read_gh_workflow(index, words, called.more_arguments, bindings);
    }
  }

  /// Options of one gh command, `--name value`, `--name=value`, `-nvalue`; `on_option` gets the long name.
  template <typename OnOption, typename OnWord>
  static void read_options(const std::vector<ShellWord>& words, const std::map<char, std::string_view>& letters,
                           const std::vector<std::string_view>& with_value, OnOption&& on_option, OnWord&& on_word) {
    const auto takes = [&](std::string_view name) {
      return std::find(with_value.begin(), with_value.end(), name) != with_value.end();
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
      const ShellText text(words[i]);
      const auto next = [&] { return i + 1 < words.size() ? words[++i] : ShellWord{}; };
      if (text.size() < 2 || text[0] != '-' || text.is_hole(0) || text.is_hole(1)) {
        on_word(words[i]);
      } else if (text[1] == '-') {
        const std::size_t equals = text.bytes().find('=');
        const std::string name = text.bytes().substr(0, equals);
        if (equals != std::string::npos) {
          on_option(name, text.cut(equals + 1, text.size()).word());
        } else {
          on_option(name, takes(name) ? next() : ShellWord{});
        }
      } else {
        const auto letter = letters.find(text[1]);
        const std::string_view name = letter == letters.end() ? std::string_view() : letter->second;
        if (!takes(name)) {
          on_option(name, ShellWord{});
        } else if (text.size() == 2) {
          on_option(name, next());
        } else {
          const std::size_t begin = text[2] == '=' ? 3 : 2;
          on_option(name, text.cut(begin, text.size()).word());
        }
      }
    }
  }

  Request read_gh_api(std::uint32_t index, const std::vector<ShellWord>& words, bool more,
                      const Bindings& bindings) const {
    static const std::map<char, std::string_view> kLetters = {
        {'X', "--method"}, {'f', "--raw-field"}, {'F', "--field"},    {'H', "--header"},
        {'q', "--jq"},     {'t', "--template"},  {'p', "--preview"}};
    static const std::vector<std::string_view> kWithValue = {"--method", "--raw-field", "--field", "--header", "--jq",
                                                             "--template", "--preview", "--input", "--hostname",
                                                             "--cache"};
    Request request;
    request.tool = DispatchTool::gh_api;
    request.any_field_unknown = more;
    std::optional<ShellWord> method;
    read_options(
        words, kLetters, kWithValue,
        [&](std::string_view name, const ShellWord& value) {
          if (name == "--method") method = value;
          if (name == "--raw-field" || name == "--field") request.fields.push_back(value);
          if (name == "--input") {
            request.has_body = true;
            request.body = from_file(ShellText(value), index, bindings);
          }
        },
        [&](const ShellWord& word) {
          const ShellText text(word);
          if (!request.endpoint && read_endpoint(text)) {
            request.endpoint = text;
          } else if (!text.empty() && text.is_hole(0)) {
            request.any_field_unknown = true;
          }
        });
    request.posts = method ? is_post(*method)
                           : !request.fields.empty() || request.has_body || request.any_field_unknown;
    return request;
  }

  void read_gh_workflow(std::uint32_t index, const std::vector<ShellWord>& words, bool more, const Bindings& bindings) {
    static const std::map<char, std::string_view> kLetters = {
        {'R', "--repo"}, {'r', "--ref"}, {'f', "--raw-field"}, {'F', "--field"}};
    static const std::vector<std::string_view> kWithValue = {"--repo", "--ref", "--raw-field", "--field"};
    WorkflowDispatch sent;
    bool named = false;
    sent.tool = DispatchTool::gh_workflow_run;
    sent.command = script_.commands()[index].range;
    sent.conditional = script_.commands()[index].conditional;
    sent.inputs.complete = !more;
    sent.own_repository = true;
    read_options(
        words, kLetters, kWithValue,
        [&](std::string_view name, const ShellWord& value) {
          if (name == "--repo") {
            sent.repository = value;
            sent.own_repository = is_own(ShellText(value));
          } else if (name == "--ref") {
            sent.ref = value;
          } else if (name == "--raw-field" || name == "--field") {
            add_field(sent.inputs, ShellText(value));
          } else if (name == "--json") {
            const auto object = parse(from_input(index, bindings));
            add_members(sent.inputs, object ? &*object : nullptr);
          }
        },
        [&](const ShellWord& word) {
          if (!named) {
            sent.workflow = word;
            named = true;
          } else if (!word.parts.empty() && word.parts.front().kind != WordPartKind::text) {
            sent.inputs.complete = false;
          }
        });
    if (named) effects_.workflow_dispatches.push_back(std::move(sent));
  }

  /// `key=value`
  static void add_field(DispatchPayload& payload, const ShellText& field) {
    const ShellText key = field.cut(0, field.bytes().find('='));
    if (key.has_holes() || key.size() == field.size()) {
      payload.complete = false;
    } else {
      add_key(payload, key.bytes(), key.range());
    }
  }

  // ---- what is sent

  static void add_members(DispatchPayload& payload, const ShellJson* object) {
    if (!object || object->kind != ShellJson::Kind::object) {
      payload.complete = false;
      return;
    }
    payload.complete = payload.complete && object->complete;
    for (const ShellJson::Member& member : object->members) add_key(payload, member.key, member.key_range);
  }

  void send(std::uint32_t index, const Request& request) {
    if (!request.endpoint || !request.posts) return;
    const auto endpoint = read_endpoint(*request.endpoint);
    if (!endpoint) return;
    const ShellCommand& command = script_.commands()[index];
    const auto object = parse(request.body);
    const bool body_read = !request.any_field_unknown && (!request.has_body || object);
    if (endpoint->workflow) {
      WorkflowDispatch sent;
      sent.tool = request.tool;
      sent.command = command.range;
      sent.conditional = command.conditional;
      sent.workflow = endpoint->workflow->word();
      sent.repository = endpoint->repository.word();
      sent.own_repository = is_own(endpoint->repository);
      sent.body_read = body_read;
      sent.inputs = container(request, object, "inputs", body_read);
      sent.ref = text_member(request, object, "ref");
      effects_.workflow_dispatches.push_back(std::move(sent));
    } else {
      RepositoryDispatch sent;
      sent.tool = request.tool;
      sent.command = command.range;
      sent.conditional = command.conditional;
      sent.repository = endpoint->repository.word();
      sent.own_repository = is_own(endpoint->repository);
      sent.event_type = text_member(request, object, "event_type");
      sent.body_read = body_read && (sent.event_type || !object || object->complete);
      sent.payload = container(request, object, "client_payload", body_read);
      effects_.repository_dispatches.push_back(std::move(sent));
    }
  }

  /// A member or field that is a text.
  static std::optional<ShellWord> text_member(const Request& request, const std::optional<ShellJson>& object,
                                              std::string_view name) {
    for (const ShellWord& field : request.fields) {
      const ShellText text(field);
      const std::size_t equals = text.bytes().find('=');
      if (equals == std::string::npos || std::string_view(text.bytes()).substr(0, equals) != name) continue;
      const ShellText value = text.cut(equals + 1, text.size());
      if (value.empty() || value[0] != '@') return value.word();
      return std::nullopt;
    }
    const ShellJson* member = object ? object->find(name) : nullptr;
    if (!member) return std::nullopt;
    if (member->kind == ShellJson::Kind::string) return member->text.word();
    if (member->kind != ShellJson::Kind::variable || !request.body) return std::nullopt;
    const auto argument = request.body->texts.find(member->text.bytes());
    return argument == request.body->texts.end() ? std::nullopt : std::optional(argument->second);
  }

  /// The keys of the member or fields `name[key]`.
  static DispatchPayload container(const Request& request, const std::optional<ShellJson>& object,
                                   std::string_view name, bool body_read) {
    DispatchPayload payload;
    payload.complete = body_read;
    for (const ShellWord& field : request.fields) add_nested_field(payload, ShellText(field), name);
    if (!object) return payload;
    const ShellJson* member = object->find(name);
    if (!member) {
      payload.complete = payload.complete && object->complete;
      return payload;
    }
    std::optional<ShellJson> given;
    if (member->kind == ShellJson::Kind::variable && request.body) {
      const std::string& variable = member->text.bytes();
      payload.is_string = request.body->texts.count(variable) > 0;
      const auto value = request.body->values.find(variable);
      if (value != request.body->values.end()) given = read_shell_json(ShellText(value->second), JsonDialect::json);
      member = given ? &*given : nullptr;
    } else {
      payload.is_string = member->kind == ShellJson::Kind::string;
    }
    if (!payload.is_string) add_members(payload, member);
    return payload;
  }

  static void add_nested_field(DispatchPayload& payload, const ShellText& field, std::string_view name) {
    const ShellText key = field.cut(0, field.bytes().find('='));
    const std::string& bytes = key.bytes();
    if (key.size() == field.size() || (!key.empty() && key.is_hole(0))) {
      payload.complete = false;  // the key is not constant, and may be any
      return;
    }
    if (bytes.compare(0, name.size(), name) != 0) return;
    if (bytes.size() == name.size()) {
      payload.is_string = true;
      return;
    }
    if (bytes[name.size()] != '[') return;
    const std::size_t end = std::min(bytes.find(']', name.size()), bytes.size());
    const ShellText inner = key.cut(name.size() + 1, end);
    if (inner.has_holes()) {
      payload.complete = false;
    } else if (!inner.empty()) {
      add_key(payload, inner.bytes(), inner.range());
    }
  }

  const ScriptView& script_;
  ScriptEffects& effects_;
};

}  // namespace

void read_dispatches(const ScriptView& script, ScriptEffects& effects) { DispatchReader(script, effects).read(); }

DispatchPayload read_payload(std::string_view json) {
  DispatchPayload payload;
  if (trim(json).empty()) return payload;
  ShellText text;
  std::uint32_t at = 0;
  const auto add = [&](WordPartKind kind, ByteRange range) {
    if (!range.empty()) text.append(WordPart{kind, false, range, std::string(slice(json, range)), {}});
    at = range.end;
  };
  for (const TemplateRegion& hole : find_templates(json)) {
    add(WordPartKind::text, {at, hole.outer.begin});
    add(WordPartKind::github, hole.outer);
  }
  add(WordPartKind::text, {at, static_cast<std::uint32_t>(json.size())});
  const auto object = read_shell_json(text, JsonDialect::json);
  payload.complete = object && object->complete;
  if (object)
    for (const ShellJson::Member& member : object->members) add_key(payload, member.key, member.key_range);
  return payload;
}

}  // namespace trueup::formats
