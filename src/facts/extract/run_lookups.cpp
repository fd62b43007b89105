// Steps that ask for runs of a workflow. What a script of JavaScript does with the answer is not followed: only the words that the
// call itself is made of are looked at.

#include <re2/re2.h>

#include "base/text.hpp"
#include "facts/extract/artifact_rows.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

/// What a filter by branch would be by commit: `pr.head.ref` has its commit beside it.
std::optional<std::string> by_commit(std::string_view value) {
  struct Twin {
    std::string_view branch, commit;
  };
  constexpr Twin kTwins[] = {{"head.ref", "head.sha"}, {"head_branch", "head_sha"}, {"headRefName", "headRefOid"}, {"head_ref", "event.pull_request.head.sha"}};
  for (const Twin& twin : kTwins)
    if (const std::size_t at = value.rfind(twin.branch); at != std::string_view::npos && value.substr(at + twin.branch.size()).find_first_not_of(" })\"'") == std::string_view::npos)
      return std::string(value.substr(0, at)) + std::string(twin.commit) + std::string(value.substr(at + twin.branch.size()));
  return std::nullopt;
}

class LookupReader {
 public:
  LookupReader(GithubReader& reader, NodeIndex script, std::string_view text, Owner owner) : reader_(reader), script_(script), text_(text), owner_(owner) {
    static const RE2 kCompared(R"(head_?[sS]ha\b)");
    compares_ = RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kCompared);
  }

  void javascript() {
    // listWorkflowRuns({…}), and the same handed to paginate; an object in it may hold calls, but no further object.
    static const RE2 kCall(R"(\b(listWorkflowRuns(?:ForRepo)?)\b\s*[,(]\s*\{([^{}]*)\})");
    static const RE2 kBranch(R"((?:^|[\s,])((branch)\s*:\s*([^,\n{}]+))|(?:^|[\s,])((branch))\s*(?:,|$))");
    re2::StringPiece rest(text_.data(), text_.size()), call, object;
    while (RE2::FindAndConsume(&rest, kCall, &call, &object)) {
      RunLookupRow row = begin(call, "github-script");
      re2::StringPiece filter, name, value, lone, lone_name;
      if (RE2::PartialMatch(object, kBranch, &filter, &name, &value, &lone, &lone_name)) {
        const re2::StringPiece found = filter.empty() ? lone : filter;
        const std::string written(trim(filter.empty() ? std::string_view("branch") : std::string_view(value.data(), value.size())));
        row.by_branch = written;
        row.branch_span = span(trimmed(found));
        if (const auto commit = by_commit(written)) row.commit_filter = "head_sha: " + *commit;
      }
      reader_.rows().add(std::move(row));
    }
  }

  void shell() {
    static const RE2 kList(R"(\b(gh\s+run\s+list)\b((?:[^\n|;&]|\\\n)*))"), kOption(R"((?:^|\s)((?:--branch|-b)(?:\s+|=)("[^"\n]*"|'[^'\n]*'|[^\s"']+)))"),
        kCommit(R"((?:^|\s)(?:--commit|-c)(?:\s|=))");
    re2::StringPiece rest(text_.data(), text_.size()), call, options;
    while (RE2::FindAndConsume(&rest, kList, &call, &options)) {
      RunLookupRow row = begin(call, "gh");
      row.by_commit = row.by_commit != 0 || RE2::PartialMatch(options, kCommit) ? 1 : 0;
      re2::StringPiece filter, value;
      if (RE2::PartialMatch(options, kOption, &filter, &value)) {
        row.by_branch = std::string(value.data(), value.size());
        row.branch_span = span(filter);
        if (const auto commit = by_commit(*row.by_branch)) row.commit_filter = "--commit " + *commit;
      }
      reader_.rows().add(std::move(row));
    }
    static const RE2 kUrl(R"re((actions/(?:workflows/[^\s/"'?]+/)?runs)\b([^\s"'/]*)(["']?))re"), kBranch(R"([?&](branch=([^&\s"']+)))"), kSha(R"([?&]head_sha=)");
    rest = re2::StringPiece(text_.data(), text_.size());
    re2::StringPiece query, quote;
    while (RE2::FindAndConsume(&rest, kUrl, &call, &query, &quote)) {
      RunLookupRow row = begin(call, "api");
      row.by_commit = row.by_commit != 0 || RE2::PartialMatch(query, kSha) ? 1 : 0;
      re2::StringPiece filter, value;
      if (RE2::PartialMatch(query, kBranch, &filter, &value)) {
        row.by_branch = std::string(value.data(), value.size());
        row.branch_span = span(filter);
        if (const auto commit = by_commit(*row.by_branch)) row.commit_filter = "head_sha=" + *commit;
      }
      reader_.rows().add(std::move(row));
    }
  }

 private:
  RunLookupRow begin(re2::StringPiece call, std::string_view caller) {
    RunLookupRow row;
    row.job = owner_.job;
    row.step = owner_.step;
    row.span = span(call);
    row.caller = caller;
    row.by_commit = compares_ ? 1 : 0;
    return row;
  }

  static re2::StringPiece trimmed(re2::StringPiece piece) {
    const std::string_view text = trim(std::string_view(piece.data(), piece.size()));
    return {text.data(), text.size()};
  }

  SpanRef span(re2::StringPiece piece) {
    const auto at = static_cast<std::uint32_t>(piece.data() - text_.data());
    return reader_.span(script_, {at, at + static_cast<std::uint32_t>(piece.size())});
  }

  GithubReader& reader_;
  const NodeIndex script_;
  const std::string_view text_;
  const Owner owner_;
  bool compares_ = false;
};

}  // namespace

void add_run_lookups(GithubReader& reader, NodeIndex script, Owner owner, bool javascript) {
  if (!reader.rows().wants(Table::run_lookup)) return;
  const auto text = reader.text(script);
  const bool mentions = text && (text->find("listWorkflowRuns") != text->npos || text->find("runs") != text->npos || text->find("gh run") != text->npos ||
                                 text->find("run list") != text->npos);
  if (!mentions || !reader.pay_for(script)) return;
  LookupReader lookups(reader, script, *text, owner);
  if (javascript) lookups.javascript();
  else lookups.shell();
}

}  // namespace trueup::facts
