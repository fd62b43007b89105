#include "facts/extract/effect_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>

#include "base/text.hpp"
#include "formats/shell_commands.hpp"

/// The same thing is done by many means: `helm push`, a script of `docker push`, an action. Rules ask what is done, to
/// which host, and with which credential; so each means becomes a row of one table.
namespace trueup::facts {
namespace {

using formats::CommandArgument;
using formats::ProgramCall;

constexpr std::string_view kDockerHub = "docker.io", kGithubRegistry = "ghcr.io";

bool is_github_token(std::string_view text) {
  return is_template_of(text, "secrets.GITHUB_TOKEN") || is_template_of(text, "github.token");
}

/// Whether a credential is the run's own; nothing where the text does not tell.
std::optional<std::int64_t> own_token(std::string_view text) {
  text = trim(text);
  if (is_github_token(text)) return 1;
  if (text.find("${") == text.npos && text.find('$') == text.npos) return text.empty() ? std::nullopt : std::optional<std::int64_t>(0);
  if (!text.starts_with("${{") || text.find("}}") != text.size() - 2) return std::nullopt;
  const std::string inside = ascii_lower(trim(text.substr(3, text.size() - 5)));
  const bool plain = inside.find_first_of(" |&(") == inside.npos;
  if (plain && (inside.starts_with("secrets.") || inside.starts_with("steps."))) return 0;
  return std::nullopt;
}

/// Puts constant values of `env:` in for `${{ env.X }}` and `${X}`.
std::string resolved(std::string_view text, const EffectRows::Environment& environment) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t begin; (begin = text.find("${", at)) != text.npos;) {
    result += text.substr(at, begin - at);
    const bool expression = text.substr(begin).starts_with("${{");
    const std::string_view close = expression ? "}}" : "}";
    const std::size_t end = text.find(close, begin);
    if (end == text.npos) {
      at = begin;
      break;
    }
    std::string_view name = trim(text.substr(begin + (expression ? 3 : 2), end - begin - (expression ? 3 : 2)));
    const bool variable = !expression || name.starts_with("env.");
    if (expression && variable) name.remove_prefix(4);
    const auto value = variable ? environment(name) : std::nullopt;
    at = end + close.size();
    result += value ? *value : text.substr(begin, at - begin);
  }
  return result += text.substr(at);
}

/// "ghcr.io" of "oci://ghcr.io/acme/charts", "docker://ghcr.io/a" and "ghcr.io/acme/app:1"; docker.io where an image
/// names none; nothing where it is computed.
std::optional<std::string> host_of(std::string_view reference) {
  bool named = false;
  for (const std::string_view scheme : {"oci://", "docker://", "https://", "http://"})
    if (reference.starts_with(scheme)) reference.remove_prefix(scheme.size()), named = scheme != "docker://";
  const std::size_t slash = std::min(reference.find('/'), reference.size());
  const std::string_view first = reference.substr(0, slash);
  if (first.empty() || first.find('$') != first.npos) return std::nullopt;
  const bool is_host = named || (slash < reference.size() && (first.find_first_of(".:") != first.npos || first == "localhost"));
  return std::string(is_host ? ascii_lower(first) : kDockerHub);
}

/// The host that a login names: it may be written with a scheme and a path.
std::optional<std::string> login_host(std::string_view text) {
  text = trim(text);
  if (text.empty()) return std::string(kDockerHub);
  for (const std::string_view scheme : {"https://", "http://", "oci://"})
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  text = text.substr(0, text.find('/'));
  if (text.empty() || text.find('$') != text.npos) return std::nullopt;
  const std::string host = ascii_lower(text);
  return host == "index.docker.io" || host == "registry-1.docker.io" ? std::string(kDockerHub) : host;
}

std::string_view package_permission(const std::optional<std::string>& host) {
  return host == kGithubRegistry ? "packages" : std::string_view();
}

bool is_yes(std::optional<std::string_view> text) { return text && equal_ignoring_ascii_case(trim(*text), "true"); }

/// "meta" of `${{ steps.meta.outputs.tags }}`; empty for anything else.
std::string_view tags_of_step(std::string_view text) {
  constexpr std::string_view kSteps = "steps.", kTags = ".outputs.tags";
  text = trim(text);
  if (!text.starts_with("${{") || !text.ends_with("}}")) return {};
  text = trim(text.substr(3, text.size() - 5));
  if (!text.starts_with(kSteps) || !text.ends_with(kTags) || text.size() < kSteps.size() + kTags.size()) return {};
  return text.substr(kSteps.size(), text.size() - kSteps.size() - kTags.size());
}

/// The first line of a list.
std::string_view first_line(std::string_view text) {
  text = trim(text);
  return trim(text.substr(0, text.find_first_of("\n,")));
}

/// JavaScript with blanks in place of comments and of what stands in quotes: byte for byte where it was.
std::string code_of_script(std::string_view script) {
  std::string code(script);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; ++at)
      if (code[at] != '\n') code[at] = ' ';
  };
  for (std::size_t at = 0; at < script.size();) {
    std::size_t end = at + 1;
    const char c = script[at];
    if (script.substr(at, 2) == "//") {
      end = std::min(script.find('\n', at), script.size());
      blank(at, end);
    } else if (script.substr(at, 2) == "/*") {
      const std::size_t closed = script.find("*/", at + 2);
      end = closed == script.npos ? script.size() : closed + 2;
      blank(at, end);
    } else if (c == '\'' || c == '"' || c == '`') {
      while (end < script.size() && script[end] != c && (c == '`' || script[end] != '\n')) end += script[end] == '\\' ? 2 : 1;
      end = std::min(end, script.size());
      blank(at + 1, end);
      end = std::min(end + 1, script.size());
    }
    at = end;
  }
  return code;
}

}  // namespace

struct EffectRows::Call {
  const AddedCommand& added;
  const Environment& environment;
  StepEffectRow row;

  const ProgramCall& program() const { return *added.call; }
  std::string_view subcommand() const { return added.call->subcommand; }
  /// The value of the first of these options that is given.
  std::optional<std::string> option(std::initializer_list<std::string_view> names) const {
    for (const CommandArgument& argument : added.call->arguments.list) {
      if (!argument.option || !argument.value) continue;
      if (std::find(names.begin(), names.end(), *argument.option) != names.end())
        return resolved(formats::template_text(*argument.value), environment);
    }
    return std::nullopt;
  }
  bool has(std::initializer_list<std::string_view> names) const {
    return std::any_of(added.call->arguments.list.begin(), added.call->arguments.list.end(), [&](const CommandArgument& argument) {
      return argument.option && std::find(names.begin(), names.end(), *argument.option) != names.end();
    });
  }
  std::optional<std::string> word(std::size_t number) const {
    for (const CommandArgument& argument : added.call->arguments.list)
      if (!argument.option && number-- == 0) return resolved(formats::template_text(*argument.value), environment);
    return std::nullopt;
  }
  void set_token(std::string text) {
    row.token = std::move(text);
    row.own_token = own_token(*row.token);
  }
};

void EffectRows::add_action(const UsesReference& uses, const ActionArguments& arguments, Owner owner,
                            formats::NodeIndex uses_node, std::string_view step_id, bool conditional,
                            const Environment& environment) {
  StepEffectRow row;
  row.job = owner.job;
  row.step = owner.step;
  row.span = reader_.span(uses_node);
  row.conditional = conditional;
  if (uses.form != UsesForm::action) return;
  const std::string slug = ascii_lower(uses.slug) + (uses.path && !uses.path->empty() ? "/" + ascii_lower(*uses.path) : "");
  if (slug == "actions/checkout") return add_checkout(arguments, std::move(row));
  if (slug == "docker/build-push-action") return add_build_action(arguments, std::move(row), environment);
  if (slug == "docker/metadata-action") {
    if (const auto images = arguments.find("images"); images && !step_id.empty())
      image_names_[std::string(step_id)] = resolved(first_line(*images), environment);
    return;
  }
  if (slug == "aws-actions/configure-aws-credentials" || slug == "google-github-actions/auth" || slug == "azure/login")
    return add_cloud_login(slug, arguments, std::move(row), environment);
  for (const KnownAction& known : known_action(slug)) add_known(known, arguments, row, environment);
}

void EffectRows::add_github_script(formats::NodeIndex script, const ActionArguments& arguments, Owner owner, bool conditional,
                                   const Environment& environment) {
  // A script that catches what is refused may expect it: a fork's token cannot write.
  static const RE2 kCatches(R"(\bcatch\b)"), kCall(R"((\bgithub\.(?:rest\.)?issues\.(?:createComment|updateComment)\b)\s*\(\s*\{([^{}]*)\})");
  const auto source = reader_.text(script);
  if (!source) return;
  const std::string code = code_of_script(*source);
  const std::string* const text = &code;
  re2::StringPiece rest(text->data(), text->size()), call, object;
  if (RE2::PartialMatch(rest, kCatches)) return;
  while (RE2::FindAndConsume(&rest, kCall, &call, &object)) {
    const auto begin = static_cast<std::uint32_t>(call.data() - text->data());
    if (object.find("context.repo") == object.npos) continue;
    StepEffectRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = reader_.span(script, {begin, begin + static_cast<std::uint32_t>(call.size())});
    row.conditional = conditional;
    row.kind = "comment";
    row.permission = "issues|pull-requests";
    row.own_token = 1;
    if (const auto given = arguments.find("github-token")) {
      row.token = resolved(*given, environment);
      row.own_token = own_token(*row.token);
    }
    rows_.add(std::move(row));
  }
}

void EffectRows::add_checkout(const ActionArguments& arguments, StepEffectRow row) {
  row.kind = "checkout";
  const auto repository = arguments.find("repository"), token = arguments.find("token"), key = arguments.find("ssh-key");
  if (repository) row.reference = std::string(*repository);
  row.own_token = 1;
  if (token || key) {
    row.token = std::string(token ? *token : *key);
    row.own_token = key ? std::optional<std::int64_t>(0) : own_token(*token);
  }
  const auto persist = arguments.find("persist-credentials");
  git_token_.reset();
  has_other_clone_ = has_other_clone_ || !is_own_repository(repository);
  if (row.own_token && (!persist || is_yes(persist)) && !has_other_clone_) git_token_ = *row.own_token == 1;
  rows_.add(std::move(row));
}

void EffectRows::add_build_action(const ActionArguments& arguments, StepEffectRow row, const Environment& environment) {
  const auto push = arguments.find("push"), outputs = arguments.find("outputs"), tags = arguments.find("tags");
  const bool by_outputs = outputs && (outputs->find("type=registry") != outputs->npos || outputs->find("push=true") != outputs->npos);
  if ((!push || equal_ignoring_ascii_case(trim(*push), "false")) && !by_outputs) return;
  row.kind = "push";
  row.conditional = row.conditional || (push && !is_yes(push) && !by_outputs);
  if (tags) {
    row.reference = resolved(first_line(*tags), environment);
    // `${{ steps.meta.outputs.tags }}` are tags of the images that the metadata action was given.
    if (const auto images = image_names_.find(tags_of_step(*row.reference)); images != image_names_.end()) row.reference = images->second;
    row.host = host_of(*row.reference);
  }
  row.permission = std::string(package_permission(row.host));
  if (row.permission->empty()) row.permission.reset();
  rows_.add(std::move(row));
}

/// Without stored keys these ask GitHub for an OpenID token, which the job must be allowed to have.
void EffectRows::add_cloud_login(std::string_view slug, const ActionArguments& arguments, StepEffectRow row,
                                 const Environment& environment) {
  bool by_token = false;
  if (slug.starts_with("aws"))
    by_token = arguments.find("role-to-assume") && !arguments.find("aws-access-key-id") && !is_yes(arguments.find("role-chaining")) &&
               !arguments.find("web-identity-token-file") && !environment("AWS_ACCESS_KEY_ID") &&
               !environment("AWS_WEB_IDENTITY_TOKEN_FILE");
  else if (slug.starts_with("google")) by_token = arguments.find("workload_identity_provider").has_value();
  else by_token = arguments.find("client-id") && !arguments.find("creds") && !arguments.find("auth-type");
  row.kind = "cloud_login";
  if (by_token) {
    row.permission = "id-token";
    row.own_token = 1;
  }
  rows_.add(std::move(row));
}

void EffectRows::add_known(const KnownAction& known, const ActionArguments& arguments, StepEffectRow row,
                           const Environment& environment) {
  row.kind = known.kind;
  if (!known.permission.empty()) row.permission = std::string(known.permission);
  if (!known.reference_input.empty())
    if (const auto reference = arguments.find(known.reference_input)) row.reference = resolved(*reference, environment);
  for (const std::string_view input : split(known.token_inputs, ' '))
    if (const auto given = input.empty() || row.token ? std::nullopt : arguments.find(input)) row.token = resolved(*given, environment);
  const auto from_environment = environment("GITHUB_TOKEN");
  using Fallback = KnownAction::Fallback;
  if (row.token) row.own_token = own_token(*row.token);
  else if (known.fallback == Fallback::own_token) row.own_token = 1;
  else if (known.fallback == Fallback::checkout) row.own_token = git_token_ ? std::optional<std::int64_t>(*git_token_) : std::nullopt;
  else if (known.fallback != Fallback::unknown && from_environment) row.own_token = own_token(resolved(*from_environment, environment));
  else if (known.fallback == Fallback::environment_else_own) row.own_token = 1;
  if (row.kind == "login") row.host = known.reference_input.empty() ? std::nullopt : login_host(row.reference.value_or(""));
  if (const std::size_t equals = known.switched_off.find('='); equals != known.switched_off.npos)
    if (const auto given = arguments.find(known.switched_off.substr(0, equals)); given && trim(*given) == known.switched_off.substr(equals + 1)) row.permission.reset();
  if (row.kind == "dispatch" && !is_own_repository(row.reference)) row.permission.reset();
  rows_.add(std::move(row));
}

void EffectRows::add_commands(const std::vector<AddedCommand>& commands, Owner owner, std::string_view script,
                              bool conditional, const CommandRows::SpanOf& span, const Environment& environment) {
  gh_token_known_ = script.find("_TOKEN=") == script.npos && script.find("gh auth") == script.npos;
  for (const AddedCommand& added : commands) {
    if (added.call == nullptr) {
      git_token_.reset();  // a script may set another one
      continue;
    }
    Call call{added, environment, {}};
    call.row.job = owner.job;
    call.row.step = owner.step;
    call.row.command = added.id;
    call.row.span = span(added.call->range);
    call.row.position = added.position;
    call.row.conditional = conditional || added.call->conditional;
    const std::string_view program = added.call->program;
    if (program == "helm") add_helm(call);
    else if (program == "gh") add_gh(call);
    else if (program == "git") add_git(call);
    else add_image_tool(call);
  }
}

void EffectRows::add(const Call& call, std::string_view kind, std::optional<std::string> reference, std::string_view permission) {
  StepEffectRow row = call.row;
  row.kind = kind;
  row.reference = std::move(reference);
  if (kind == "push" || kind == "pull") {
    if (row.reference) row.host = host_of(*row.reference);
    if (kind == "push") permission = package_permission(row.host);
  }
  if (!permission.empty()) row.permission = std::string(permission);
  rows_.add(std::move(row));
}

void EffectRows::add_helm(const Call& call) {
  const std::string_view subcommand = call.subcommand();
  if (subcommand == "registry login") return add_image_tool(call);
  if (subcommand == "push") return add(call, "push", call.word(1));
  if (subcommand == "package") return add(call, "package", call.word(0));
  if (subcommand == "dependency build" || subcommand == "dependency update")
    return add(call, "dependency_update", call.word(0).value_or("."));
  for (std::size_t i = 0; i < 2; ++i)
    if (const auto word = call.word(i); word && word->starts_with("oci://")) add(call, "pull", word);
}

void EffectRows::add_image_tool(const Call& call) {
  const std::string_view program = call.program().program, subcommand = call.subcommand();
  if (subcommand == "login" || subcommand == "auth login" || subcommand == "registry login" || subcommand == "acr login" ||
      subcommand == "auth configure-docker") {
    Call login{call.added, call.environment, call.row};
    login.row.kind = "login";
    auto where = call.word(0);
    if (program == "az") {
      where = call.option({"-n", "--name"});
      if (where && where->find('.') == where->npos) *where += ".azurecr.io";
    }
    const bool named = where.has_value() || program == "docker" || program == "podman";
    login.row.host = named ? login_host(where.value_or("")) : std::nullopt;
    login.row.reference = std::move(where);
    if (const auto password = call.option({"-p", "--password", "--pass"})) login.set_token(*password);
    else if (call.program().input) login.set_token(resolved(trim(formats::template_text(*call.program().input)), call.environment));
    rows_.add(std::move(login.row));
    return;
  }
  const bool docker = program == "docker" || program == "podman" || program == "buildah";
  if (subcommand == "push" && program == "crane") return add(call, "push", call.word(1));
  if (subcommand == "push") return add(call, "push", call.word(program == "docker" || program == "oras" || !call.word(1) ? 0 : 1));
  if (subcommand == "pull") return add(call, "pull", call.word(0));
  if ((program == "skopeo" || program == "crane" || program == "oras" || program == "regctl") && subcommand.ends_with("copy"))
    return add(call, "pull", call.word(0)), add(call, "push", call.word(1));
  if (docker && subcommand == "build" && call.has({"--push"})) return add(call, "push", call.option({"-t", "--tag"}));
}

void EffectRows::add_gh(const Call& written) {
  Call call{written.added, written.environment, written.row};
  const std::string_view subcommand = call.subcommand();
  const std::size_t space = std::min(subcommand.find(' '), subcommand.size());
  const std::string_view noun = subcommand.substr(0, space), verb = subcommand.substr(std::min(space + 1, subcommand.size()));
  std::optional<std::string_view> token = call.environment("GH_TOKEN");
  if (!token) token = call.environment("GITHUB_TOKEN");
  if (token && gh_token_known_) call.set_token(resolved(*token, call.environment));
  const auto repository = call.option({"-R", "--repo"});
  const auto of_environment = call.environment("GH_REPO");
  const std::string where = repository ? *repository : std::string(of_environment.value_or(""));
  const bool own = is_own_repository(where) || where == "${GITHUB_REPOSITORY}";
  const auto is_one_of = [&](std::initializer_list<std::string_view> verbs) {
    return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
  };
  const auto add_own = [&](std::string_view kind, std::string_view permission) {
    add(call, kind, where.empty() ? std::nullopt : std::optional(where), own ? permission : "");
  };
  if (noun == "release" && is_one_of({"create", "upload", "edit", "delete", "delete-asset"})) return add_own("release", "contents");
  if ((noun == "pr" || noun == "issue") && verb == "comment") return add_own("comment", "issues|pull-requests");
  if (noun == "pr" && verb == "merge") return add_own("git_push", "contents");
  if (noun == "pr" && is_one_of({"create", "edit", "close", "reopen", "ready", "review"})) return add_own("pull_request", "pull-requests");
  if (noun == "issue" && is_one_of({"create", "edit", "close", "reopen", "delete"})) return add_own("issue", "issues");
  if (noun == "label" && is_one_of({"create", "edit", "delete"})) return add_own("label", "issues");
  if (noun == "workflow" && is_one_of({"run", "enable", "disable"})) return add_own("dispatch", "actions");
  if (noun == "run" && is_one_of({"rerun", "cancel", "delete"})) return add_own("run", "actions");
}

void EffectRows::add_git(const Call& written) {
  Call call{written.added, written.environment, written.row};
  const std::string_view subcommand = call.subcommand();
  if (subcommand == "clone") return has_other_clone_ = true, git_token_.reset(), add(call, "checkout", call.word(0));
  // Another remote, or other credentials.
  if (subcommand == "remote" || subcommand == "config") {
    for (const std::size_t i : {0, 1, 2, 3})
      if (const auto word = call.word(i); word && (word->find("://") != word->npos || word->find("git@") != word->npos ||
                                                   word->find("http.") != word->npos || word->find("credential") != word->npos))
        git_token_.reset();
    return;
  }
  if (subcommand == "commit") return add(call, "commit", std::nullopt);
  if (subcommand == "tag" && call.word(0) && !call.has({"-l", "--list", "-d", "--delete", "-n"})) return add(call, "tag", call.word(0));
  if (subcommand != "push") return;
  const std::string remote = call.word(0).value_or("origin");
  if (remote == "origin" && git_token_) call.row.own_token = *git_token_ ? 1 : 0;
  add(call, "git_push", call.word(1), remote == "origin" ? "contents" : "");
}

}  // namespace trueup::facts
