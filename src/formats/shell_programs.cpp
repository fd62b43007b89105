#include "formats/shell_programs.hpp"

#include <algorithm>
#include <array>

namespace trueup::formats {
namespace {

// Sorted, for binary search.
constexpr auto kSilent = std::to_array<std::string_view>({
    "((", ":", "[", "[[", "alias", "break", "builtin", "cd", "chdir", "continue", "declare", "exit", "export",
    "false", "getopts", "hash", "let", "local", "mapfile", "popd", "pushd", "read", "readarray", "readonly", "return",
    "set", "shift", "shopt", "sleep", "test", "true", "typeset", "ulimit", "umask", "unalias", "unset", "wait"});

constexpr auto kReaders = std::to_array<std::string_view>({
    "base64", "cat", "cksum", "cmp", "column", "comm", "cut", "diff", "egrep", "expand", "fgrep", "file", "find",
    "fmt", "fold", "grep", "head", "hexdump", "ls", "md5sum", "nl", "od", "paste", "rev", "rg", "sha1sum",
    "sha256sum", "sha512sum", "shasum", "stat", "strings", "sum", "tac", "tail", "tr", "uniq", "wc", "xxd", "zcat"});

constexpr auto kTools = std::to_array<std::string_view>({
    "actionlint", "apk", "apt", "apt-get", "apt-key", "argocd", "awk", "basename", "bc", "bg", "brew", "chgrp",
    "chmod", "chown", "clear", "command", "conftest", "cosign", "crane", "ct", "date", "df", "dig", "dirname", "dirs",
    "disown", "dmesg", "dnf", "docker-compose", "dpkg", "du", "echo", "env", "envsubst", "expr", "factor", "fg",
    "flux", "free", "gawk", "getconf", "getent", "gpg", "groups", "grype", "hadolint", "helm-docs", "host",
    "hostname", "hostnamectl", "iconv", "id", "ip", "jobs", "join", "jq", "k3d", "kill", "killall", "kind",
    "kubeconform", "kubeval", "ln", "locale", "logger", "look", "lsb_release", "lscpu", "lsof", "mawk", "minikube",
    "mkdir", "mktemp", "mount", "nc", "netstat", "nproc", "nslookup", "numfmt", "openssl", "pgrep", "ping", "pkill",
    "printenv", "printf", "ps", "pwd", "readlink", "realpath", "regctl", "rm", "rmdir", "sed", "seq", "service",
    "shellcheck", "shuf", "skopeo", "sort", "ss", "ssh-add", "ssh-agent", "ssh-keygen", "ssh-keyscan", "stty", "syft",
    "sync", "sysctl", "systemctl", "tee", "timedatectl", "times", "touch", "tput", "trap", "tree", "trivy",
    "truncate", "tsort", "tty", "type", "umount", "uname", "uptime", "which", "yamllint", "yq", "yum"});

constexpr auto kFetchers = std::to_array<std::string_view>({
    "7z", "aws", "az", "buildah", "bunzip2", "bzip2", "cp", "csplit", "curl", "dd", "docker", "doctl", "gcloud", "gh",
    "git", "gsutil", "gunzip", "gzip", "helm", "install", "kubectl", "kustomize", "lftp", "mv", "oras", "patch",
    "podman", "rclone", "rsync", "s3cmd", "scp", "sftp", "skaffold", "split", "ssh", "tar", "unrar", "unxz", "unzip",
    "unzstd", "wget", "xz", "zip", "zstd"});

constexpr auto kInstallers = std::to_array<std::string_view>({
    "bundle", "composer", "conda", "corepack", "gem", "npm", "nvm", "pip", "pip3", "pipx", "pnpm", "yarn"});

template <std::size_t N>
constexpr bool is_sorted(const std::array<std::string_view, N>& names) {
  for (std::size_t i = 1; i < N; ++i) {
    if (!(names[i - 1] < names[i])) return false;
  }
  return true;
}
static_assert(is_sorted(kSilent) && is_sorted(kReaders) && is_sorted(kTools) && is_sorted(kFetchers) &&
              is_sorted(kInstallers));

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

}  // namespace

ProgramKind program_kind(std::string_view name) {
  if (contains(kSilent, name)) return ProgramKind::silent;
  if (contains(kReaders, name)) return ProgramKind::reader;
  if (contains(kTools, name)) return ProgramKind::tool;
  if (contains(kFetchers, name)) return ProgramKind::fetcher;
  if (contains(kInstallers, name)) return ProgramKind::installer;
  return ProgramKind::unknown;
}

}  // namespace trueup::formats
