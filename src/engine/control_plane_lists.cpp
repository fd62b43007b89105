#include "engine/control_plane_lists.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/work_queue.hpp"

namespace trueup::engine {
namespace {

/// Lists that are asked for at once.
constexpr std::size_t kThreads = 16;

/// An object that an answer holds twice is one.
std::pair<std::string, std::string> identity(const facts::LiveRepositoryRow& row) { return {row.project_name, row.url}; }
template <typename Row>
std::pair<std::string, std::string> identity(const Row& row) {
  return {row.object_namespace, row.name};
}

template <typename Row, typename Read>
std::vector<Row> read_items(const live::ControlPlane& plane, live::ResourceListReading& reading, const Read& read) {
  std::vector<std::optional<Result<Row>>> items(reading.items.size());
  parallel_for(items.size(), [&](std::size_t k) {
    items[k] = read(reading.items[k]);
    std::string().swap(reading.items[k]);
  });
  reading.items.clear();
  std::vector<Row> rows;
  rows.reserve(items.size());
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (auto& item : items) {
    if (!*item) {
      reading.unknown = live::unknown("malformed", plane.source() + " gave " + item->error().message);
      reading.state = live::ReadingState::unknown;
      return {};
    }
    Row& row = **item;
    const auto [place, fresh] = known.emplace(identity(row), rows.size());
    if (fresh) rows.push_back(std::move(row));
    else rows[place->second] = std::move(row);
    item.reset();
  }
  return rows;
}

void read_rows(const live::ControlPlane& plane, facts::LiveApplicationParts parts, ListAnswer& answer) {
  live::ResourceListReading& reading = answer.reading;
  switch (reading.kind) {
    case live::ResourceKind::application:
      answer.rows = read_items<facts::LiveApplicationRow>(plane, reading, [&](std::string_view json) { return facts::read_live_application(json, parts); });
      break;
    case live::ResourceKind::application_set: answer.rows = read_items<facts::LiveApplicationSetRow>(plane, reading, facts::read_live_application_set); break;
    case live::ResourceKind::project: answer.rows = read_items<facts::LiveProjectRow>(plane, reading, facts::read_live_project); break;
    case live::ResourceKind::repository: answer.rows = read_items<facts::LiveRepositoryRow>(plane, reading, facts::read_live_repository); break;
  }
}

}  // namespace

std::vector<ListAnswer> ask_lists(std::span<const ListQuestion> questions, facts::LiveApplicationParts parts) {
  std::vector<ListAnswer> answers(questions.size());
  parallel_for(questions.size(), static_cast<unsigned>(std::min(questions.size(), kThreads)),
               [&](std::size_t i) { answers[i].reading = questions[i].first->list(questions[i].second); });
  for (std::size_t i = 0; i < questions.size(); ++i) read_rows(*questions[i].first, parts, answers[i]);
  return answers;
}

void EarlyLists::begin(std::vector<ListQuestion> questions, facts::LiveApplicationParts parts) {
  answers_ = std::async(std::launch::async, [questions = std::move(questions), parts] {
    std::vector<ListAnswer> answers = ask_lists(questions, parts);
    std::map<ListQuestion, ListAnswer> by_question;
    for (std::size_t i = 0; i < questions.size(); ++i) by_question.emplace(questions[i], std::move(answers[i]));
    return by_question;
  });
}

std::map<ListQuestion, ListAnswer> EarlyLists::take() { return answers_.valid() ? answers_.get() : std::map<ListQuestion, ListAnswer>(); }

}  // namespace trueup::engine
