#pragma once

#include <string_view>

namespace trueup::formats {

/// Whether a text stands for a secret that something else fills in, or is one in a sealed form: ENC[AES256_GCM,…] (SOPS),
/// op://vault/item/field, vault:path#key, ref+vault://…, arn:aws:secretsmanager:…, and placeholders of templates: __NAME__, #{NAME}#,
/// %NAME%, @NAME@, $(NAME), [[NAME]], env:NAME.
bool refers_to_secret(std::string_view text);

}  // namespace trueup::formats
