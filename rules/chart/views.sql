-- Joins that the rules of this pack share.

-- A dependency from an OCI registry. `exact` is the one version that it names, NULL for a range; `reference` the tag that
-- Helm pulls then. `placeholder` is the word of a version that something is meant to replace.
CREATE TEMP VIEW oci_dependency AS
  SELECT d.file, d.file_set, d.repository, d.path, d.chart_dependency, d.place, coalesce(d.version_place, d.place) AS version_place,
         coalesce(d.repository_place, d.place) AS repository_place, d.name, d.version, d.oci_repository, d.oci_parent,
         semver_exact(d.version) AS exact, helm_tag(semver_exact(d.version)) AS reference,
         re2_extract('(?i)(place_?holder|replace_?me|change_?me|to_?be_?(?:replaced|set|defined)|fix_?me|<[^>]*>|\$\{[^}]*\}|\{\{[^}]*\}\}|@[A-Z_]+@|__[A-Z_]+__)',
                     d.version, 1) AS placeholder,
         d.oci_parent LIKE '%/' || d.name AS repeats_name
  FROM chart_dependency d WHERE d.oci_repository IS NOT NULL AND d.name IS NOT NULL AND d.version IS NOT NULL;

-- A published version of a chart, as the registry's tags spell it.
CREATE TEMP VIEW published_version AS
  SELECT t.oci_repository, t.tag, replace(t.tag, '_', '+') AS version FROM oci_tag t
  WHERE semver_valid(replace(t.tag, '_', '+'));

-- A dependency of one exact version with the registry's answer about it.
CREATE TEMP VIEW dependency_publication AS
  SELECT d.*, r.evidence, coalesce(r.state, 'unknown') AS state, coalesce(r.failed, 0) AS failed, r.answer,
         coalesce(r.because, 'nobody asked the registry') AS because
  FROM oci_dependency d LEFT JOIN artifact_reading r ON r.oci_repository = d.oci_repository AND r.reference = d.reference
  WHERE d.exact IS NOT NULL AND d.placeholder IS NULL;

-- The Chart.lock or requirements.lock beside a chart, and what it must agree with.
CREATE TEMP VIEW locked_chart AS
  SELECT l.file AS lock_file, l.place AS lock_place, l.chart_lock, l.digest, l.locked, l.path AS lock_path, c.file,
         c.file_set, c.path, c.place, c.api_version, c.requirements, c.name AS chart_name
  FROM chart_lock l JOIN chart c ON c.file_set = l.file_set AND path_dir(c.path) = path_dir(l.path)
  WHERE path_base(l.path) = 'Chart.lock'
  UNION ALL
  SELECT l.file, l.place, l.chart_lock, l.digest, l.locked, l.path, q.file, q.file_set, q.path, q.place, 'v1', q.requirements, NULL
  FROM chart_lock l JOIN chart_requirements q ON q.file_set = l.file_set AND path_dir(q.path) = path_dir(l.path)
  WHERE path_base(l.path) = 'requirements.lock';
