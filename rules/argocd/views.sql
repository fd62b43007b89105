-- Joins that the rules of this pack share.

-- An Application with what findings know it by (`subject`: what a set makes goes by the set's name, since how many there are may not be
-- known), and with why what it says may not be what ArgoCD gets: a kustomization that patches it, a template that is patched.
CREATE TEMP VIEW declared_application AS
  WITH patched AS MATERIALIZED (SELECT p.file_set, p.target_name, min(p.path) AS path FROM application_patch p GROUP BY 1, 2),
  unread AS MATERIALIZED (
    SELECT u.file_set, min(u.path) AS path FROM unreadable_file u WHERE path_base(u.path) IN ('kustomization.yaml', 'kustomization.yml') GROUP BY 1)
  SELECT a.file, a.file_set, a.repository, a.path, a.place, a.element_place, a.element_slugs, a.application, a.application_set, a.document, a.name,
         coalesce(t.name, a.name, 'without a name') AS subject,
         a.object_namespace, a.project_name, a.project_place, a.destination_server, a.destination_name, a.destination_namespace,
         a.destination_place, a.automated, a.automated_place, a.automated_commented,
         coalesce(a.uncertain, 'a patch in ' || coalesce(p.path, q.path) || ' may change it', u.path || ' could not be read, and may change it') AS doubt
  FROM application a
  LEFT JOIN patched p ON p.file_set = a.file_set AND p.target_name = a.name
  LEFT JOIN patched q ON q.file_set = a.file_set AND q.target_name IS NULL
  LEFT JOIN unread u ON u.file_set = a.file_set
  LEFT JOIN application_set t ON t.file = a.file AND t.application_set = a.application_set;

-- The same of an ApplicationSet.
CREATE TEMP VIEW declared_application_set AS
  WITH patched AS MATERIALIZED (SELECT p.file_set, p.target_name, min(p.path) AS path FROM application_patch p GROUP BY 1, 2),
  unread AS MATERIALIZED (SELECT u.file_set, min(u.path) AS path FROM unreadable_file u WHERE u.kind = 'yaml' GROUP BY 1)
  SELECT t.file, t.file_set, t.repository, t.path, t.place, t.application_set, t.name, t.object_namespace, t.complete,
         coalesce('a patch in ' || coalesce(p.path, q.path) || ' may change it', u.path || ' could not be read, and may declare or change it') AS doubt
  FROM application_set t
  LEFT JOIN patched p ON p.file_set = t.file_set AND p.target_name = t.name
  LEFT JOIN patched q ON q.file_set = t.file_set AND q.target_name IS NULL
  LEFT JOIN unread u ON u.file_set = t.file_set;

-- A declared ApplicationSet on its default branch, with each instance of ArgoCD that it is for: as placed_application has it of Applications,
-- and where Applications of its folder are placed.
CREATE TEMP VIEW placed_application_set AS
  WITH declared AS MATERIALIZED (
    SELECT t.file, t.file_set, t.repository, t.path, path_dir(t.path) AS folder, t.application_set, t.name, coalesce(t.object_namespace, '') AS object_namespace
    FROM application_set t JOIN judged j ON j.file_set = t.file_set AND j.on_default
    WHERE t.name IS NOT NULL AND NOT instr(t.name, '{{')),
  homed AS MATERIALIZED (
    SELECT DISTINCT d.file, h.control_plane FROM control_plane_home h JOIN repository r ON lower(r.slug) = lower(h.slug)
    JOIN declared d ON d.repository = r.id AND (h.folder = '' OR d.path = h.folder OR instr(d.path, h.folder || '/') = 1)),
  homeless AS MATERIALIZED (SELECT d.* FROM declared d WHERE d.file NOT IN (SELECT h.file FROM homed h)),
  answered AS MATERIALIZED (SELECT c.control_plane, c.state, c.control_plane IN (SELECT h.control_plane FROM control_plane_home h) AS settled FROM control_plane_list c WHERE c.kind = 'application_set'),
  seen AS MATERIALIZED (
    SELECT d.file_set, d.folder, l.control_plane FROM homeless d CROSS JOIN live_application_set l ON l.name = d.name
    UNION
    SELECT p.file_set, CAST(p.folder AS TEXT), p.control_plane FROM placed_application p WHERE p.listed),
  placed AS MATERIALIZED (
    SELECT d.*, a.control_plane FROM homeless d JOIN seen s ON s.file_set = d.file_set AND s.folder = d.folder
    JOIN answered a ON a.control_plane = s.control_plane AND a.state = 'present' AND NOT a.settled
    UNION ALL
    SELECT d.*, a.control_plane FROM declared d JOIN homed h ON h.file = d.file JOIN answered a ON a.control_plane = h.control_plane
    UNION ALL
    SELECT d.*, a.control_plane FROM homeless d JOIN answered a ON a.state = 'unknown' AND NOT a.settled)
  SELECT p.file, p.application_set, p.name, p.object_namespace, p.control_plane,
         count(*) OVER (PARTITION BY p.control_plane, CASE WHEN (SELECT count(*) FROM answered a) > 1 THEN 0 ELSE p.file_set END, p.name) AS copies
  FROM placed p;

-- Whether a path that an Application wants of a git repository is there: state, and why it is unknown. Of a repository at hand the
-- file set tells, of other revisions what was looked up.
CREATE TEMP VIEW wanted_path_state AS
  WITH wanted AS MATERIALIZED (
    SELECT s.file, s.file_set, s.application, s.application_source, 0 AS application_value_file, s.held_by, s.held_by_slug, s.held_state,
           s.held_because, s.revision, s.tag_prefix, s.stands, s.aside, s.folder AS wanted_path
    FROM git_source s WHERE s.folder IS NOT NULL
    UNION ALL
    SELECT s.file, s.file_set, s.application, s.application_source, -1, s.held_by, s.held_by_slug, s.held_state, s.held_because, s.revision,
           s.tag_prefix, s.stands, s.aside, path_join(s.folder, 'Chart.yaml')
    FROM git_source s WHERE s.folder IS NOT NULL AND s.tool = 'helm'
    UNION ALL
    SELECT v.file, v.file_set, v.application, v.application_source, v.application_value_file, v.held_by, v.held_by_slug, v.held_state,
           v.held_because, v.revision, v.tag_prefix, v.stands, v.aside, v.wanted_path
    FROM git_value_file v),
  looked AS MATERIALIZED (
    SELECT w.*, f.kind AS own_kind, r.git_revision, r.state AS revision_state, r.because AS revision_because, r.resolved, p.state AS path_state
    FROM wanted w
    LEFT JOIN judged_file f ON f.file_set = w.file_set AND f.path = w.wanted_path AND (w.stands OR w.aside) AND f.kind NOT IN ('node_yaml', 'node_json', 'application_sets')
    LEFT JOIN revision_reading r ON NOT w.stands AND r.held_by = w.held_by AND r.revision = w.revision AND r.tag_prefix = w.tag_prefix
    LEFT JOIN git_path p ON p.git_revision = r.git_revision AND p.path = w.wanted_path)
  SELECT l.*,
         CASE WHEN l.held_state <> 'loaded' THEN 'unknown'
              WHEN l.own_kind = 'elsewhere' THEN 'unknown'
              WHEN l.own_kind IS NOT NULL OR l.wanted_path = '' THEN 'present'
              WHEN l.stands THEN 'absent'
              WHEN l.revision_state = 'present' THEN coalesce(l.path_state, 'unknown')
              ELSE 'unknown' END AS state,
         CASE WHEN l.held_state <> 'loaded' THEN l.held_by_slug || ' is not loaded' || coalesce(': ' || l.held_because, '')
              WHEN l.own_kind = 'elsewhere' OR l.path_state = 'unknown' THEN l.wanted_path || ' is, or lies behind, a symlink or a submodule, which is not read'
              WHEN l.revision_state = 'absent' THEN l.held_by_slug || ' has no ' || l.revision
              ELSE coalesce(l.revision_because, l.held_by_slug || ' was not looked at') END AS because,
         CASE WHEN l.stands THEN l.held_by_slug WHEN l.resolved IS NULL THEN l.held_by_slug || ' at ' || l.revision
              ELSE l.held_by_slug || ' at ' || l.resolved END AS where_looked
  FROM looked l;

-- Whether the registry holds what an Application's chart asks for; `exact` is NULL for a range. `relaxed` is a version that the range
-- would take if it named a pre-release.
CREATE TEMP VIEW application_chart_publication AS
  WITH asked AS MATERIALIZED (
    SELECT s.file, s.application, coalesce(s.target_revision_place, s.place) AS at, s.chart, s.target_revision, s.oci_repository,
           semver_exact(s.target_revision) AS exact
    FROM application_source s
    WHERE s.oci_repository IS NOT NULL AND s.chart IS NOT NULL AND version_range_valid(s.target_revision)
      AND oci_tag_valid(helm_tag(coalesce(semver_exact(s.target_revision), 'x')))),
  wanted AS MATERIALIZED (SELECT DISTINCT a.oci_repository, a.target_revision, a.exact FROM asked a),
  listed AS MATERIALIZED (
    SELECT t.oci_repository, replace(t.tag, '_', '+') AS version, semver_order(replace(t.tag, '_', '+')) AS in_order FROM oci_tag t
    WHERE t.oci_repository IN (SELECT w.oci_repository FROM wanted w) AND semver_valid(replace(t.tag, '_', '+'))),
  highest AS MATERIALIZED (SELECT l.oci_repository, l.version, max(l.in_order) FROM listed l GROUP BY 1),
  taken AS MATERIALIZED (
    SELECT w.oci_repository, w.target_revision, max(coalesce(semver_matches(w.target_revision, l.version), 0)) AS takes,
           max(CASE WHEN instr(l.version, '-') AND semver_matches(w.target_revision, substr(l.version, 1, instr(l.version, '-') - 1)) THEN l.version END) AS relaxed
    FROM wanted w JOIN listed l ON l.oci_repository = w.oci_repository WHERE w.exact IS NULL GROUP BY 1, 2),
  answered AS MATERIALIZED (
    SELECT w.oci_repository, w.target_revision, r.evidence, coalesce(r.failed, 0) AS failed, coalesce(r.state, 'unknown') AS state,
           coalesce(r.because, 'nobody asked the registry') AS because, NULL AS relaxed
    FROM wanted w LEFT JOIN artifact_reading r ON r.oci_repository = w.oci_repository AND r.reference = helm_tag(w.exact) WHERE w.exact IS NOT NULL
    UNION ALL
    SELECT w.oci_repository, w.target_revision, r.evidence, coalesce(r.failed, 0),
           CASE WHEN t.takes THEN 'present' WHEN r.state = 'absent' OR r.state = 'present' AND r.complete THEN 'absent' ELSE 'unknown' END,
           CASE WHEN r.state = 'present' AND NOT r.complete THEN 'the list of its tags was not read to its end'
                ELSE coalesce(r.because, 'nobody asked the registry') END, t.relaxed
    FROM wanted w
    LEFT JOIN tag_list_reading r ON r.oci_repository = w.oci_repository
    LEFT JOIN taken t ON t.oci_repository = w.oci_repository AND t.target_revision = w.target_revision
    WHERE w.exact IS NULL)
  SELECT a.at, a.chart, a.target_revision, a.oci_repository, a.exact, r.evidence, r.failed, r.relaxed, h.version AS highest, p.subject, p.element_place,
         coalesce(min(p.name), 'without a name') || CASE WHEN count(*) > 1 THEN ' (and ' || (count(*) - 1) || ' more)' ELSE '' END AS name,
         CASE r.state WHEN 'present' THEN 'ok' WHEN 'absent' THEN CASE WHEN p.doubt IS NULL THEN 'violated' ELSE 'unknown' END ELSE 'unknown' END AS verdict,
         CASE WHEN r.state = 'absent' THEN p.doubt ELSE r.because END AS because
  FROM asked a
  JOIN answered r ON r.oci_repository = a.oci_repository AND r.target_revision = a.target_revision
  CROSS JOIN declared_application p ON p.file = a.file AND p.application = a.application
  LEFT JOIN highest h ON h.oci_repository = a.oci_repository
  GROUP BY a.at, a.oci_repository, a.target_revision;

-- Why an Application may be declared where nobody looked; of several instances each may have a repository of its own. One row at most.
CREATE TEMP VIEW unseen_declaration AS
  SELECT min(u.because) AS because FROM (
    SELECT r.slug || ' was not read, and may declare it too' AS because FROM repository r
    WHERE r.state <> 'loaded' OR r.id NOT IN (SELECT j.repository FROM judged j WHERE j.on_default)
    UNION ALL
    SELECT f.path || ' could not be read, and may declare it too' FROM unreadable_file f WHERE f.kind = 'yaml') u
  WHERE (SELECT count(DISTINCT c.control_plane) FROM control_plane_list c WHERE c.kind = 'application') > 1 HAVING count(*) > 0;

-- A declared Application with what an instance of ArgoCD holds under its name. `live_state` unknown: that instance could not say.
-- There is none of this where a change is judged: what runs cannot have it yet.
CREATE TEMP VIEW live_match AS
  WITH placed AS MATERIALIZED (
    SELECT p.file, p.application, p.name, p.object_namespace, p.control_plane, p.listed, p.copies FROM placed_application p
    WHERE NOT (SELECT r.gate FROM run r)),
  unread AS MATERIALIZED (SELECT u.file_set, min(u.path) AS path FROM unreadable_file u WHERE u.kind = 'yaml' GROUP BY 1)
  SELECT p.file, p.application, p.name, p.control_plane, a.place, a.path, a.application_set, a.automated AS declared_automated, a.automated_place,
         CASE WHEN p.copies > 1 THEN 'it is declared ' || p.copies || ' times for ' || p.control_plane || '; declared_in: of that instance says which holds'
              ELSE coalesce(a.doubt, u.path || ' could not be read, and may declare it too', e.because) END AS doubt,
         l.live_application, l.fields, l.automated, l.sync_status, l.health_status, l.health_since, l.operation_phase, l.operation_started_at, l.operation_finished_at,
         l.operation_message, l.reconciled_at, l.deployed_at, l.writes_images, l.written_parameters, l.skips_reconcile, l.deleting,
         CASE WHEN l.live_application IS NOT NULL THEN 'present' ELSE c.state END AS live_state,
         c.because, c.failed, coalesce(l.evidence, c.evidence) AS evidence
  FROM placed p
  CROSS JOIN declared_application a ON a.file = p.file AND a.application = p.application
  CROSS JOIN application_list_reading c ON c.control_plane = p.control_plane
  LEFT JOIN unread u ON u.file_set = a.file_set LEFT JOIN unseen_declaration e ON p.control_plane NOT IN (SELECT h.control_plane FROM control_plane_home h)
  LEFT JOIN application_reading l ON l.name = p.name AND l.control_plane = p.control_plane AND p.object_namespace IN ('', l.object_namespace)
  WHERE l.live_application IS NOT NULL OR NOT p.listed;
