#include "facts/extract/known_actions.hpp"

#include <algorithm>
#include <array>

namespace trueup::facts {
namespace {

using From = KnownAction::Fallback;

// Sorted by slug. Permissions are those of the actions' manuals.
constexpr auto kActions = std::to_array<KnownAction>({
    {"actions/attest", "attest", "attestations", "github-token", "", From::own_token},
    {"actions/attest", "attest", "id-token", "", "", From::own_token},
    {"actions/attest-build-provenance", "attest", "attestations", "github-token", "", From::own_token},
    {"actions/attest-build-provenance", "attest", "id-token", "", "", From::own_token},
    {"actions/create-release", "release", "contents", "", "tag_name", From::environment},
    {"actions/delete-package-versions", "delete", "packages", "token", "package-name", From::own_token},
    {"actions/deploy-pages", "deploy", "pages", "token", "", From::own_token},
    {"actions/deploy-pages", "deploy", "id-token", "", "", From::own_token},
    {"actions/labeler", "label", "pull-requests", "repo-token", "", From::own_token},
    {"actions/upload-release-asset", "release", "contents", "", "upload_url", From::environment},
    {"ad-m/github-push-action", "git_push", "contents", "github_token ssh", "branch", From::own_token},
    {"anothrnick/github-tag-action", "tag", "contents", "", "", From::environment},
    {"aws-actions/amazon-ecr-login", "login", "", "", "", From::unknown},
    {"aws-actions/configure-aws-credentials", "cloud_login", "", "", "", From::unknown},
    {"azure/docker-login", "login", "", "password", "login-server", From::unknown},
    {"docker/login-action", "login", "", "password", "registry", From::unknown},
    {"endbug/add-and-commit", "commit", "contents", "github_token", "", From::checkout, "push=false"},
    {"github/codeql-action/analyze", "scan", "security-events", "token", "", From::own_token, "upload=never"},
    {"github/codeql-action/upload-sarif", "scan", "security-events", "token", "", From::own_token},
    {"helm/chart-releaser-action", "release", "contents", "", "", From::environment},
    {"jamesives/github-pages-deploy-action", "git_push", "contents", "token ssh-key", "branch", From::own_token},
    {"marocchino/sticky-pull-request-comment", "comment", "issues|pull-requests", "GITHUB_TOKEN", "", From::own_token},
    {"mathieudutour/github-tag-action", "tag", "contents", "github_token", "custom_tag", From::unknown},
    {"ncipollo/release-action", "release", "contents", "token", "tag", From::own_token},
    {"oras-project/setup-oras", "setup", "", "", "", From::unknown},
    {"peaceiris/actions-gh-pages", "git_push", "contents", "deploy_key personal_token github_token", "publish_branch", From::unknown},
    {"peter-evans/create-or-update-comment", "comment", "issues|pull-requests", "token", "issue-number", From::own_token},
    {"peter-evans/create-pull-request", "git_push", "contents", "branch-token token", "branch", From::own_token},
    {"peter-evans/create-pull-request", "pull_request", "pull-requests", "token", "branch", From::own_token},
    {"peter-evans/repository-dispatch", "dispatch", "contents", "token", "repository", From::own_token},
    {"redhat-actions/podman-login", "login", "", "password", "registry", From::unknown},
    {"softprops/action-gh-release", "release", "contents", "token", "tag_name", From::environment_else_own},
    {"stefanzweifel/git-auto-commit-action", "commit", "contents", "", "branch", From::checkout, "skip_push=true"},
    {"svenstaro/upload-release-action", "release", "contents", "repo_token", "tag", From::own_token},
    {"thollander/actions-comment-pull-request", "comment", "issues|pull-requests", "github-token GITHUB_TOKEN", "", From::own_token},
});
static_assert(std::ranges::is_sorted(kActions, {}, &KnownAction::slug));

}  // namespace

std::span<const KnownAction> known_action(std::string_view slug_and_path) {
  const auto found = std::ranges::equal_range(kActions, slug_and_path, {}, &KnownAction::slug);
  return {found.begin(), found.end()};
}

}  // namespace trueup::facts
