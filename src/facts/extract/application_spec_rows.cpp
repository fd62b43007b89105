// The spec of an Application, flat, to be held against what a server has.

#include "facts/application_fields.hpp"
#include "facts/extract/argocd_rows.hpp"

namespace trueup::facts {

void add_application_spec(ManifestReader& reader, LocalId application, formats::NodeIndex spec) {
  if (!reader.rows().wants(Table::application_spec) && !reader.rows().wants(Table::application_field)) return;
  const auto fields = application_fields(reader.document(), spec);
  if (!reader.pay(fields.size())) return;
  reader.rows().add(ApplicationSpecRow{application, to_json(fields)});
  for (const ApplicationField& field : fields) reader.rows().add(ApplicationFieldRow{application, reader.span(field.node), field.pointer});
}

}  // namespace trueup::facts
