#include "git/patch.hpp"

#include "git/libgit.hpp"

namespace trueup::git {
namespace {

using PatchHandle = std::unique_ptr<git_patch, FreeWith<git_patch_free>>;

}  // namespace

Result<std::string> unified_patch(const std::vector<ChangedText>& files) {
  start_libgit2();
  std::string text;
  for (const ChangedText& file : files) {
    if (file.before == file.after) continue;
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_FORCE_TEXT;
    options.id_abbrev = 40;
    git_patch* raw = nullptr;
    if (const int code = git_patch_from_buffers(&raw, file.before.data(), file.before.size(), file.path.c_str(), file.after.data(),
                                                file.after.size(), file.path.c_str(), &options);
        code < 0)
      return libgit2_error(code, "comparing " + file.path);
    const PatchHandle patch(raw);
    git_buf buffer = GIT_BUF_INIT;
    if (const int code = git_patch_to_buf(&buffer, patch.get()); code < 0) return libgit2_error(code, "writing a patch of " + file.path);
    std::string one(buffer.ptr, buffer.size);
    git_buf_dispose(&buffer);
    // Buffers have no mode of their own: libgit2 writes that of a plain file.
    constexpr std::string_view kPlain = " 100644\n";
    if (const auto at = one.find(kPlain); file.executable && at != std::string::npos) one.replace(at, kPlain.size(), " 100755\n");
    text += one;
  }
  return text;
}

}  // namespace trueup::git
