#pragma once

#include "facts/blob_rows.hpp"

namespace trueup::facts {

// The extractors of the table in extractors.cpp, each in the file that its comment names.

void extract_action(BlobRows& rows);              // action.cpp
void extract_workflow(BlobRows& rows);            // workflow.cpp
void extract_script(BlobRows& rows);              // script.cpp
void extract_dockerfile(BlobRows& rows);          // dockerfile.cpp
void extract_codeowners(BlobRows& rows);          // codeowners.cpp
void extract_dependabot(BlobRows& rows);          // dependabot.cpp
void extract_chart(BlobRows& rows);               // chart.cpp
void extract_chart_requirements(BlobRows& rows);  // chart.cpp
void extract_chart_lock(BlobRows& rows);          // chart_lock.cpp
void extract_chart_template(BlobRows& rows);      // chart_template.cpp
void extract_chart_values(BlobRows& rows);        // chart_values.cpp
void extract_helmignore(BlobRows& rows);          // helmignore.cpp
void extract_changelog(BlobRows& rows);           // changelog.cpp
void extract_gitlab_ci(BlobRows& rows);           // gitlab_ci.cpp
void extract_go_module(BlobRows& rows);           // go_module.cpp
void extract_cohort(BlobRows& rows);            // cohort.cpp
void extract_yaml(BlobRows& rows);                // document_rows.cpp
void extract_json(BlobRows& rows);                // document_rows.cpp
void extract_dotenv(BlobRows& rows);              // dotenv.cpp
void extract_stream_processor(BlobRows& rows);    // stream_processor.cpp
void extract_stream_connections(BlobRows& rows);  // stream_connections.cpp
void extract_stream_thresholds(BlobRows& rows);   // stream_connections.cpp
void extract_compose(BlobRows& rows);             // compose.cpp
void extract_guide(BlobRows& rows);               // guide.cpp
void extract_terraform(BlobRows& rows);           // terraform.cpp
void extract_atlantis_config(BlobRows& rows);     // atlantis.cpp
void extract_atlantis_server(BlobRows& rows);     // atlantis.cpp
void extract_deployments(BlobRows& rows);         // deployments.cpp
void extract_gitignore(BlobRows& rows);           // gitignore.cpp
void extract_node_yaml(BlobRows& rows);           // nodes.cpp
void extract_node_json(BlobRows& rows);           // nodes.cpp

}  // namespace trueup::facts
