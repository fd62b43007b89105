#include "formats/shell_program_options.hpp"

#include <algorithm>
#include <array>

namespace trueup::formats {
namespace {

constexpr std::string_view kDocker =
    "--config -c --context -H --host -l --log-level -t --tag -f --file --build-arg --build-context --cache-from "
    "--cache-to --label --target --platform --network --secret --ssh --output -o --progress --iidfile --metadata-file "
    "--add-host --allow --annotation --builder --attest --provenance --sbom --cgroup-parent --cpu-shares -m --memory "
    "--shm-size --ulimit --no-cache-filter --authfile --creds --cert-dir --format --isolation --volume -v --env -e "
    "--name --entrypoint --user --workdir -w --publish -p --mount --net --node --driver --driver-opt --append-file "
    "--retry --retry-delay --tls-verify --digestfile";
constexpr std::string_view kDockerGroups = "buildx image container compose manifest system volume network builder context";

// Sorted by name.
constexpr auto kPrograms = std::to_array<ProgramOptions>({
    {"aws", "--region --profile --registry-ids --output --query --password --username", "*"},
    {"az", "-n --name -g --resource-group --subscription -r --registry --username -u --password -p --image -t -f", "*"},
    {"buildah", kDocker, ""},
    {"cargo", "--registry --token --manifest-path -p --package --index", ""},
    {"crane", "--platform -u --username -p --password -t --tag -f --new_tag", "auth"},
    {"curl",
     "-A -b -c -C -d -D -e -E -F -h -H -K -m -o -P -Q -r -t -T -u -U -w -x -X -y -Y -z --request --url --data "
     "--data-raw --data-binary --data-ascii --data-urlencode --json --form --form-string --upload-file --header --user "
     "--output --max-time --retry --retry-delay --connect-timeout --write-out --user-agent --cookie --cacert --cert "
     "--key --proxy --resolve --config --referer --retry-max-time --oauth2-bearer --dump-header --max-redirs "
     "--limit-rate --interface --variable --output-dir --stderr --trace --trace-ascii --netrc-file --cookie-jar",
     "", false},
    {"docker", kDocker, kDockerGroups},
    {"gcloud", "--project --region --zone --account --key-file --format --tag --config", "auth artifacts builds container"},
    {"gh",
     "-R --repo -f --raw-field -F --field -H --header -X --method --input -q --jq -t --template --cache --hostname "
     "-p --preview --json -L --limit -w --workflow -b --body --body-file --title --notes --notes-file "
     "--notes-start-tag --target --discussion-category -B --base --head -l --label -a --assignee -r --reviewer "
     "-m --milestone --ref -u --user -e --event -s --status --branch -c --commit --created -n --name -D --dir -o "
     "--output -O --archive --pattern -S --search -A --author --state --app --job --attempt -i --interval --add-label "
     "--remove-label --color --description --env --org --with-token-file --author-email --match-head-commit --subject "
     "--add-assignee --add-reviewer --remove-assignee --remove-reviewer --recover --reason",
     "*"},
    {"git", "-C -c --git-dir --work-tree --namespace", ""},
    {"helm",
     "--version -d --destination --app-version --key --keyring --passphrase-file -u --username -p --password "
     "--ca-file --cert-file --key-file --repo --registry-config --repository-config --repository-cache --kube-context "
     "--kubeconfig --kube-token --kube-apiserver -n --namespace -f --values --set --set-string --set-file --set-json "
     "--set-literal --untardir --timeout -o --output --post-renderer --post-renderer-args --name-template "
     "--kube-version -a --api-versions -s --show-only --output-dir --description --history-max --max --labels "
     "--starter -l --selector",
     "dependency dep dependencies registry repo plugin show get search env inspect"},
    {"npm", "--tag --access --registry --otp -w --workspace --prefix -C", ""},
    {"oras",
     "-u --username -p --password --config --artifact-type --annotation -a --annotation-file -o --output --platform "
     "--registry-config --concurrency --export-manifest --identity-token --ca-file",
     "manifest blob repo"},
    {"pnpm", "--tag --access --registry --otp --filter -F -C --dir", ""},
    {"podman", kDocker, kDockerGroups},
    {"poetry", "-r --repository -u --username -p --password --directory -C", ""},
    {"regctl", "--host -u --user -p --pass --platform -p --media-type -m --artifact-type -f --file", "*"},
    {"sed", "-e --expression -f --file -l --line-length", "", false},
    {"skopeo",
     "-u --username -p --password --authfile --src-creds --dest-creds --src-authfile --dest-authfile --format -f "
     "--src-cert-dir --dest-cert-dir --cert-dir --sign-by --retry-times --multi-arch --override-arch --override-os "
     "--creds --src --dest -s -d",
     ""},
    {"twine", "-r --repository --repository-url -u --username -p --password --config-file -i --identity -c --comment", ""},
    {"yarn", "--tag --access --registry --otp --cwd --new-version", "npm"},
    {"yq",
     "-o --output-format -p --input-format -I --indent --from-file --split-exp --front-matter -f --arg --argjson "
     "--expression --header-preprocess -t --prettyPrintTag",
     "", false},
});
static_assert(std::ranges::is_sorted(kPrograms, {}, &ProgramOptions::program));

constexpr auto kSubcommands = std::to_array<SubcommandOptions>({
    {"buildah", "login", "-u --username -p --password", ""},
    {"docker", "exec", "", "-t -i -d"},
    {"docker", "login", "-u --username -p --password", ""},
    {"docker", "push", "", "-a"},
    {"docker", "run", "", "-t -i -d -P"},
    {"gh", "api", "", "-i"},
    {"gh", "auth login", "-p --git-protocol -s --scopes", "-w"},
    {"gh", "pr create", "-H --head -T --template", "-f -d"},
    {"gh", "pr edit", "", ""},
    {"gh", "pr merge", "-t --subject -A --author-email", "-m -r -s -d"},
    {"gh", "pr review", "", "-a -c -r"},
    {"gh", "pr view", "", "-c -w"},
    {"gh", "pr list", "-H --head", "-w -d"},
    {"gh", "release create", "-t --title -n --notes -F --notes-file", "-d -p"},
    {"gh", "release delete", "", "-y"},
    {"gh", "release download", "", ""},
    {"gh", "release edit", "-t --title -n --notes -F --notes-file", ""},
    {"gh", "release list", "-O --order", ""},
    {"gh", "repo clone", "-u --upstream-remote-name", ""},
    {"gh", "run view", "-j --job -a --attempt", "-w -v"},
    {"gh", "workflow run", "-r --ref -f -F", ""},
    {"git", "add", "--chmod --pathspec-from-file", "-f -u -A -n -p -i -v"},
    {"git", "checkout", "-b -B --orphan", "-f -q -t -m -p"},
    {"git", "clone", "-b --branch --depth -o --origin --reference --filter -j --jobs --recurse-submodules", "-q -v"},
    {"git", "commit", "-m --message -F --file -C -c --author --date -t --template --trailer", "-a -q -s -S -n -v"},
    {"git", "config", "", ""},
    {"git", "fetch", "--depth --deepen -j --jobs --filter -o", ""},
    {"git", "push", "-o --push-option --receive-pack --exec --repo", "-u -f -q -n -d -v"},
    {"git", "tag", "-m --message -F --file -u --local-user --sort --points-at --contains --merged --no-merged --format",
     "-a -s -f -d -l -n"},
    {"helm", "package", "", "-u"},
    {"helm", "upgrade", "", "-i -a"},
    {"helm", "install", "", "-g -a"},
    {"helm", "repo add", "", ""},
    {"podman", "login", "-u --username -p --password", ""},
    {"podman", "push", "", "-a"},
    {"skopeo", "copy", "", "-a"},
});
static_assert(std::ranges::is_sorted(kSubcommands, {}, [](const SubcommandOptions& row) { return row.program; }));

struct Alias {
  std::string_view program, written, full;
};
constexpr auto kAliases = std::to_array<Alias>({
    {"buildah", "bud", "build"},
    {"crane", "cp", "copy"},
    {"docker", "buildx bake", "buildx bake"},
    {"docker", "buildx build", "build"},
    {"docker", "builder build", "build"},
    {"docker", "image build", "build"},
    {"docker", "image pull", "pull"},
    {"docker", "image push", "push"},
    {"docker", "image tag", "tag"},
    {"helm", "dep build", "dependency build"},
    {"helm", "dep list", "dependency list"},
    {"helm", "dep up", "dependency update"},
    {"helm", "dep update", "dependency update"},
    {"helm", "dependencies build", "dependency build"},
    {"helm", "dependencies update", "dependency update"},
    {"helm", "dependency up", "dependency update"},
    {"helm", "fetch", "pull"},
    {"podman", "buildx build", "build"},
    {"podman", "image build", "build"},
    {"podman", "image pull", "pull"},
    {"podman", "image push", "push"},
    {"podman", "image tag", "tag"},
});

}  // namespace

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

const ProgramOptions* find_program_options(std::string_view program) {
  const auto found = std::ranges::lower_bound(kPrograms, program, {}, &ProgramOptions::program);
  return found != kPrograms.end() && found->program == program ? &*found : nullptr;
}

const SubcommandOptions* find_subcommand_options(std::string_view program, std::string_view subcommand) {
  const auto found = std::ranges::find_if(kSubcommands, [&](const SubcommandOptions& row) {
    return row.program == program && row.subcommand == subcommand;
  });
  return found == kSubcommands.end() ? nullptr : &*found;
}

std::string_view full_subcommand(std::string_view program, std::string_view written) {
  const auto found = std::ranges::find_if(
      kAliases, [&](const Alias& row) { return row.program == program && row.written == written; });
  return found == kAliases.end() ? written : found->full;
}

}  // namespace trueup::formats
