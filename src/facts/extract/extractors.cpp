#include <algorithm>
#include <array>

#include "facts/extract/extractor.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

constexpr auto kExtractors = std::to_array<Extractor>({
    {"action", "metadata of a GitHub action (action.yml)", extract_action},
    {"atlantis_config", "roots that Atlantis plans and applies (atlantis.yaml)", extract_atlantis_config, Comments::outside_scalars},
    {"atlantis_server", "what an Atlantis server allows which repository (repo-config.yaml and the like)", extract_atlantis_server, Comments::outside_scalars},
    {"changelog", "what each release changed (the file that a train names)", extract_changelog, Comments::prose},
    {"chart", "metadata of a Helm chart (Chart.yaml)", extract_chart, Comments::outside_scalars},
    {"chart_lock", "locked dependencies of a Helm chart (Chart.lock, requirements.lock)", extract_chart_lock, Comments::outside_scalars},
    {"chart_requirements", "dependencies of a Helm chart of apiVersion v1 (requirements.yaml)", extract_chart_requirements, Comments::outside_scalars},
    {"chart_template", "template of a Helm chart (templates/)", extract_chart_template},
    {"chart_values", "values of a Helm chart (values.yaml and its variants)", extract_chart_values, Comments::outside_scalars},
    {"codeowners", "who reviews what (CODEOWNERS)", extract_codeowners},
    {"cohort", "tenants of a cohort (the files that promises: ring: names)", extract_cohort, Comments::none},
    {"compose", "services of Docker Compose (compose.yaml, docker-compose*.yml)", extract_compose, Comments::outside_scalars},
    {"dependabot", "what Dependabot keeps up to date (.github/dependabot.yml)", extract_dependabot, Comments::outside_scalars},
    {"deployments", "deployments of Terraform roots (deployments/**/deployment.json, and what `kinds:` says)", extract_deployments, Comments::none},
    {"dockerfile", "how an image is built (Dockerfile)", extract_dockerfile},
    {"dotenv", "environment file (*.env, .env, .env.*)", extract_dotenv, Comments::outside_quotes},
    {"gitignore", "what git leaves out (.gitignore)", extract_gitignore},
    {"gitlab_ci", "pipeline of GitLab CI (.gitlab-ci.yml)", extract_gitlab_ci},
    {"go_module", "metadata of a Go module (go.mod)", extract_go_module, Comments::go_module},
    {"guide", "text for people at the root (README.md, DEVELOPMENT.md, CONTRIBUTING.md)", extract_guide, Comments::prose},
    {"helmignore", "what a Helm chart leaves out (.helmignore)", extract_helmignore},
    {"json", "any JSON file", extract_json, Comments::none},
    {"node_json", "the nodes of a JSON file that a rule or the config asked for", extract_node_json, Comments::none},
    {"node_yaml", "the nodes of a YAML file that a rule or the config asked for", extract_node_yaml, Comments::outside_scalars},
    {"script", "shell script (*.sh)", extract_script},
    {"stream_connections", "connections of Atlas Stream Processing (connections/*.json)", extract_stream_connections, Comments::none},
    {"stream_processor", "processor of Atlas Stream Processing (processors/*.json)", extract_stream_processor, Comments::none},
    {"stream_thresholds", "thresholds of an environment's processors (environments/*/thresholds.json)", extract_stream_thresholds, Comments::none},
    {"terraform", "Terraform and OpenTofu (*.tf, *.tf.json, *.tofu)", extract_terraform, Comments::hcl},
    {"workflow", "GitHub workflow (.github/workflows)", extract_workflow},
    {"yaml", "any other YAML file, and manifests of Kubernetes in JSON where a folder promises them (argocd/, applications/, apps/, …)", extract_yaml, Comments::outside_scalars},
});
static_assert(std::ranges::is_sorted(kExtractors, {}, &Extractor::kind));

}  // namespace

std::span<const Extractor> extractors() { return kExtractors; }

const Extractor* find_extractor(std::string_view kind) {
  const auto found = std::ranges::lower_bound(kExtractors, kind, {}, &Extractor::kind);
  return found != kExtractors.end() && found->kind == kind ? &*found : nullptr;
}

}  // namespace trueup::facts
