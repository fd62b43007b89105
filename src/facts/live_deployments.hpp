#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/answer.hpp"
#include "facts/store.hpp"

namespace trueup::facts {

/// A store of deployments that the config names: table deployment_store, before any rule runs.
void add_deployment_store(Store& store, std::string_view name, std::string_view source);

/// Row of deployment_list.
struct DeploymentListRow : Answer {
  std::string deployment_store;
  bool complete = false;
};
void add_reading(Store& store, const DeploymentListRow& row);

/// A row of live_deployment as people name it.
struct AddedDeployment {
  std::string name;  ///< "acme/infra prod", or the file that it stands in
  std::string said;  ///< "2e4ccff, manual"
};

/// The records of documents (name, JSON) of a list: rows of live_deployment, whose ids follow each other.
std::vector<AddedDeployment> add_readings(Store& store, const DeploymentListRow& list, const std::vector<std::pair<std::string, std::string>>& documents);

}  // namespace trueup::facts
