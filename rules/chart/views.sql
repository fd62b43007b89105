-- Joins that the rules of this pack share.

-- Versions as charts and dependencies write them. `placeholder` is the word in one that something is meant to replace: a mark
-- of a template, or a word in capitals or of that meaning; such a word may as well be a branch's, where a commit's id follows.
CREATE TEMP VIEW chart_version AS
  WITH written AS MATERIALIZED (
    SELECT 'chart' AS what, c.file, c.file_set, c.path, coalesce(c.version_place, c.place) AS version_place, c.name, c.version,
           c.version_text, NULL AS repository_url, NULL AS repository_place, NULL AS oci_repository, NULL AS oci_parent,
           NULL AS repeats_name
    FROM chart c WHERE c.file NOT IN (SELECT b.file FROM bundled_chart b)
    UNION ALL
    SELECT 'dependency', d.file, d.file_set, d.path, coalesce(d.version_place, d.place), d.name, d.version, d.version_text,
           d.repository_url, coalesce(d.repository_place, d.place), d.oci_repository, d.oci_parent, d.repeats_name
    FROM resolved_dependency d),
  waiting AS MATERIALIZED (  -- file sets repeat the same few texts
    SELECT d.version, coalesce(
               re2_extract('\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_][A-Za-z0-9_]*|#\{[^}]*\}#?|\{\{[^}]*\}\}|<%[^%]*%>|<[A-Za-z_-]{3,}[A-Za-z0-9_ -]*>|@[A-Za-z_][A-Za-z0-9_.]*@|%[A-Za-z_]+%|__[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*__',
                           d.version, 0),
               CASE WHEN NOT re2_match('\.g?[0-9a-f]{7,40}$', d.version) THEN
                 re2_extract('(?:^|[^A-Za-z])((?i:place[-_.]?holder|(?:replace|change|fix|fill)[-_.]?me|to[-_.]?be[-_.]?(?:replaced|set|defined)|tbd|todo)|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:$|[^A-Za-z])',
                             d.version, 1) END,
               re2_extract('^[A-Z]{2,}[A-Z0-9_-]*$', d.version, 0)) AS placeholder
    FROM (SELECT DISTINCT w.version FROM written w WHERE w.version <> '') d)
  SELECT v.*, p.placeholder FROM written v LEFT JOIN waiting p ON p.version = v.version AND p.placeholder IS NOT NULL;

-- A dependency from an OCI registry. `exact` is the one version that it names, NULL for a range; `reference` the tag that
-- Helm pulls then.
CREATE TEMP VIEW oci_dependency AS
  SELECT d.file, d.file_set, d.path, d.version_place, d.repository_place, d.name, d.version, d.oci_repository, d.oci_parent,
         d.repeats_name, semver_exact(d.version) AS exact, helm_tag(semver_exact(d.version)) AS reference
  FROM chart_version d
  WHERE d.what = 'dependency' AND d.oci_repository IS NOT NULL AND d.name IS NOT NULL AND d.placeholder IS NULL
    AND version_range_valid(d.version);

-- A published version of a chart, as the registry's tags spell it.
CREATE TEMP VIEW published_version AS
  SELECT t.oci_repository, t.tag, replace(t.tag, '_', '+') AS version FROM oci_tag t
  WHERE semver_valid(replace(t.tag, '_', '+'));

-- Whether the registry holds what a dependency asks for, where Helm looks (state, because, evidence) and, for a repository
-- that ends in the chart's name, one level above it (parent_...). A tag of over 128 characters is nowhere. File sets of one
-- repository ask for the same all over, so each question is answered once.
CREATE TEMP VIEW dependency_publication AS
  WITH asked AS MATERIALIZED (SELECT * FROM oci_dependency),
  wanted AS MATERIALIZED (
    SELECT DISTINCT d.oci_repository, d.oci_parent, d.version, d.exact, d.reference, d.repeats_name,
           d.exact IS NULL OR oci_tag_valid(d.reference) AS possible
    FROM asked d),
  answered AS MATERIALIZED (
    SELECT w.oci_repository, w.oci_parent, w.version, r.evidence, r.answer, coalesce(r.failed, 0) AS failed,
           CASE WHEN NOT w.possible THEN 'absent' ELSE coalesce(r.state, 'unknown') END AS state,
           coalesce(r.because, 'nobody asked the registry') AS because,
           p.evidence AS parent_evidence, coalesce(p.failed, 0) AS parent_failed,
           CASE WHEN NOT w.possible THEN 'absent' ELSE coalesce(p.state, 'unknown') END AS parent_state,
           coalesce(p.because, 'nobody asked the registry') AS parent_because
    FROM wanted w
    LEFT JOIN artifact_reading r ON r.oci_repository = w.oci_repository AND r.reference = w.reference
    LEFT JOIN artifact_reading p ON w.repeats_name AND p.oci_repository = w.oci_parent AND p.reference = w.reference
    WHERE w.exact IS NOT NULL
    UNION ALL
    SELECT w.oci_repository, w.oci_parent, w.version, r.evidence, r.answer, coalesce(r.failed, 0),
           CASE WHEN EXISTS (SELECT 1 FROM published_version v WHERE v.oci_repository = w.oci_repository
                                                                 AND semver_matches(w.version, v.version)) THEN 'present'
                WHEN r.state = 'absent' OR r.state = 'present' AND r.complete THEN 'absent' ELSE 'unknown' END,
           CASE WHEN r.state = 'present' AND NOT r.complete THEN 'the list of its tags was not read to its end'
                ELSE coalesce(r.because, 'nobody asked the registry') END,
           p.evidence, coalesce(p.failed, 0),
           CASE WHEN EXISTS (SELECT 1 FROM published_version v WHERE w.repeats_name AND v.oci_repository = w.oci_parent
                                                                 AND semver_matches(w.version, v.version)) THEN 'present'
                WHEN p.state = 'absent' OR p.state = 'present' AND p.complete THEN 'absent' ELSE 'unknown' END,
           CASE WHEN p.state = 'present' AND NOT p.complete THEN 'the list of its tags was not read to its end'
                ELSE coalesce(p.because, 'nobody asked the registry') END
    FROM wanted w
    LEFT JOIN tag_list_reading r ON r.oci_repository = w.oci_repository
    LEFT JOIN tag_list_reading p ON w.repeats_name AND p.oci_repository = w.oci_parent
    WHERE w.exact IS NULL)
  SELECT d.*, a.evidence, a.answer, a.failed, a.state, a.because, a.parent_evidence, a.parent_failed, a.parent_state, a.parent_because
  FROM asked d JOIN answered a ON a.oci_repository = d.oci_repository AND a.oci_parent = d.oci_parent AND a.version = d.version;

-- A lock with the chart that it stands beside, and with what it must agree with: the dependencies of requirements.yaml where
-- that lists some, else of Chart.yaml. `broken` is the path of one of the two that cannot be read. Helm reads a lock of either
-- name; beside Chart.lock, only a chart of apiVersion v1 takes requirements.lock.
-- The facts are taken from the tables of blobs: SQLite reads a view that is a join anew for each row that it is left-joined to.
CREATE TEMP VIEW locked_chart AS
  SELECT l.file AS lock_file, l.file_set, l.path AS lock_path, l.place AS lock_place, l.digest, l.locked,
         coalesce(nullif(c.api_version, ''), 'v1') AS api_version,
         CASE WHEN coalesce(q.requirements, 'null') <> 'null' THEN qf.file ELSE cf.file END AS file,
         CASE WHEN coalesce(q.requirements, 'null') <> 'null' THEN qf.path ELSE cf.path END AS path,
         CASE WHEN coalesce(q.requirements, 'null') <> 'null' THEN (qf.file << 32) | q.span ELSE (cf.file << 32) | c.span END AS place,
         CASE WHEN coalesce(q.requirements, 'null') <> 'null' THEN q.requirements ELSE c.requirements END AS requirements,
         CASE WHEN c.blob IS NULL THEN cf.path WHEN qf.file IS NOT NULL AND q.blob IS NULL THEN qf.path END AS broken
  FROM chart_lock l
  CROSS JOIN judged_file cf ON cf.file_set = l.file_set AND cf.path = path_join(path_dir(l.path), 'Chart.yaml') AND cf.kind = 'chart'
  LEFT JOIN blob_chart c ON c.blob = cf.blob
  LEFT JOIN judged_file qf ON qf.file_set = l.file_set AND qf.path = path_join(path_dir(l.path), 'requirements.yaml')
    AND qf.kind = 'chart_requirements'
  LEFT JOIN blob_chart_requirements q ON q.blob = qf.blob
  WHERE cf.file NOT IN (SELECT b.file FROM bundled_chart b)
    AND NOT (path_base(l.path) = 'requirements.lock' AND c.api_version IS 'v2'
             AND EXISTS (SELECT 1 FROM judged_file o WHERE o.file_set = l.file_set
                                                       AND o.path = path_join(path_dir(l.path), 'Chart.lock')));

-- A Chart.yaml at a tag that was loaded and that is called by the version in it: so the version is committed, and released.
CREATE TEMP VIEW tagged_chart AS
  SELECT g.repository, g.name AS tag, m.file_set, m.path, (m.file << 32) | coalesce(c.version_span, c.span) AS place, c.name, c.version, c.requirements
  FROM git_ref g JOIN snapshot s ON s.id = g.snapshot
  JOIN file_set_member m ON m.file_set = s.file_set AND m.kind = 'chart' JOIN blob_chart c ON c.blob = m.blob
  WHERE g.kind = 'tag' AND semver_valid(c.version) AND instr(c.version, '-') = 0
    AND g.name IN (c.version, 'v' || c.version, c.name || '-' || c.version, c.name || '-v' || c.version, c.name || '/' || c.version, c.name || '/v' || c.version);

CREATE TEMP VIEW chart_template_file AS  -- a template, and the folder of its chart
  SELECT f.file, f.file_set, f.path, f.blob, CAST(coalesce(re2_extract('^(?:(.*?)/)?templates/', f.path, 1), '') AS TEXT) AS folder
  FROM judged_file f WHERE f.kind = 'chart_template';
