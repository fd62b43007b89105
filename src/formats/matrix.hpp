#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/expression_eval.hpp"

/// `strategy.matrix` of a GitHub job: which jobs it makes, and what they are called.
namespace trueup::formats {

/// One job of a matrix.
struct MatrixLeg {
  ExpressionValue values;  ///< the `matrix` context: an object
  /// What GitHub adds to the job's name in parentheses: the scalars of the matrix's own keys, in order, nested ones too;
  /// empty ones and keys that `include` added to a combination are left out. Of a leg that `include` made, all its scalars.
  std::string label;
};

/// The jobs of a matrix, in GitHub's order: the product of the lists, less `exclude`, with `include`'s keys added, then
/// what `include` makes by itself. Values may hold `${{ }}` as text. Nothing where the matrix is no mapping of lists, where
/// an expression stands for a list or decides about include or exclude, or where it has more than kMaxMatrixLegs.
/// Source: GitHub's manual, "jobs.<job_id>.strategy.matrix".
std::optional<std::vector<MatrixLeg>> expand_matrix(std::string_view json);

inline constexpr std::size_t kMaxMatrixLegs = 256;
/// A longer matrix is not expanded: each leg holds its values.
inline constexpr std::size_t kMaxMatrixBytes = 64u << 10;

/// The display name of a job: `name` (or the id), with the leg's label unless the name itself reads `matrix`; cut at 100
/// bytes. What is not known stays a `${{ }}`: the whole suffix too, where there is no leg (nullptr) though there is a
/// matrix.
std::string job_display_name(std::string_view id, std::optional<std::string_view> name, bool has_matrix,
                             const MatrixLeg* leg);

/// The environment in which only `matrix` is known. The leg must outlive it.
ExpressionEnvironment matrix_environment(const MatrixLeg& leg);

}  // namespace trueup::formats
