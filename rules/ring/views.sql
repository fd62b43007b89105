-- Joins that the rules of this pack share.

-- What servers say is told once, of all repositories as they stand on their default branches, and not again for each other ref.
CREATE TEMP VIEW ring_world AS
  SELECT p.id AS ring_promise FROM ring_promise p WHERE NOT EXISTS (SELECT 1 FROM judged j WHERE NOT j.on_default);

-- A cohort: its file on the default branch of the repository that the promise names.
CREATE TEMP VIEW cohort_file AS
  SELECT c.file, c.file_set, c.repository, c.path, c.place, c.cohort, c.tenants, c.problem, CAST(re2_extract(p.cohort_pattern, c.path, 1) AS TEXT) AS name
  FROM ring_world w CROSS JOIN ring_promise p CROSS JOIN cohort c ON c.repository = p.cohorts_repository
  CROSS JOIN judged j ON j.file_set = c.file_set AND j.on_default
  WHERE re2_match(p.cohort_pattern, c.path);

-- A tenant of a cohort.
CREATE TEMP VIEW cohort_member AS
  SELECT f.file, f.repository, f.path, f.name AS cohort_name, t.tenant, t.position, t.place
  FROM cohort_file f CROSS JOIN cohort_tenant t ON t.file = f.file AND t.cohort = f.cohort;

-- The same with the Application that each service calls it by.
CREATE TEMP VIEW ring_tenant AS
  SELECT m.file, m.repository, m.path, m.cohort_name, m.tenant, m.position, m.place, s.id AS ring_service, s.name AS service,
         CAST(replace(s.application, '{tenant}', m.tenant) AS TEXT) AS application
  FROM cohort_member m CROSS JOIN ring_service s;

-- Why a tenant may be in a cohort that could not be read; no row where all could.
CREATE TEMP VIEW cohort_unread AS
  SELECT min(u.because) AS because FROM (
    SELECT u.path || ' of ' || p.cohorts_slug || ' could not be read' AS because FROM ring_promise p
    CROSS JOIN unreadable_file u ON u.repository = p.cohorts_repository AND u.kind = 'cohort'
    UNION ALL
    SELECT CASE WHEN r.id IS NULL THEN p.cohorts_slug || ', which holds the cohorts, is not among `repositories:`'
                WHEN r.state <> 'loaded' THEN p.cohorts_slug || ', which holds the cohorts, is not loaded' || coalesce(': ' || r.because, '')
                ELSE 'the default branch of ' || p.cohorts_slug || ', which holds the cohorts, is not looked at' END
    FROM ring_promise p LEFT JOIN repository r ON r.id = p.cohorts_repository
    WHERE p.cohorts_slug IS NOT NULL AND (coalesce(r.state, '') <> 'loaded' OR NOT EXISTS (SELECT 1 FROM judged j WHERE j.repository = r.id AND j.on_default))) u
  HAVING count(*) > 0;

-- Whether what is not among the Applications of all instances of ArgoCD is not there.
CREATE TEMP VIEW applications_known AS
  SELECT count(*) > 0 AS asked, coalesce(min(l.complete AND l.state = 'present'), 0) AS complete, coalesce(max(l.failed), 0) AS failed,
         coalesce(max(CASE WHEN l.complete AND l.state = 'present' THEN NULL WHEN l.state = 'present' THEN l.control_plane || ' may leave out Applications that its token does not see' ELSE l.because END),
                  'no instance of ArgoCD was asked') AS because
  FROM application_list_reading l;

-- An image of a ring among what an Application gives Helm, declared or live: a `repository` with its `tag` beside it, or a whole
-- reference. Of one that runs, the place is the tenant in a cohort, else the promise; `unplaced` says why that may be the wrong one.
-- `removal` tells how to take it out.
CREATE TEMP VIEW ring_override AS
  WITH setting AS MATERIALIZED (
    SELECT 0 AS file, v.live_application AS owner, v.position AS source, v.form, v.field, v.pointer, CAST(path_dir(v.pointer) AS TEXT) AS folder,
           CAST(path_base(v.pointer) AS TEXT) AS key, v.value, NULL AS place
    FROM ring_world x CROSS JOIN live_application_value v
    WHERE v.effective AND (v.pointer LIKE '%/repository' OR v.pointer LIKE '%/tag' OR v.pointer LIKE '%/registry' OR instr(v.value, '/') AND instr(v.value, ':'))
    UNION ALL
    SELECT s.file, s.application, s.application_source, 'declared', NULL, v.pointer, CAST(path_dir(v.pointer) AS TEXT), CAST(path_base(v.pointer) AS TEXT), v.value, v.place
    FROM application_value v CROSS JOIN application_source s ON s.file = v.file AND s.application_source = v.application_source
    UNION ALL
    SELECT s.file, s.application, s.application_source, 'declared', NULL, '/' || replace(p.name, '.', '/'), CAST(path_dir('/' || replace(p.name, '.', '/')) AS TEXT),
           CAST(path_base('/' || replace(p.name, '.', '/')) AS TEXT), p.value, p.place
    FROM application_parameter p CROSS JOIN application_source s ON s.file = p.file AND s.application_source = p.application_source WHERE p.value IS NOT NULL),
  part AS MATERIALIZED (SELECT s.* FROM setting s WHERE s.key IN ('tag', 'registry') AND s.value <> ''),
  image AS MATERIALIZED (
    SELECT r.file, r.owner, r.form, 'repository' AS key, r.folder AS image_path, CAST(CASE WHEN g.value IS NULL THEN r.value ELSE g.value || '/' || r.value END AS TEXT) AS repository,
           t.value AS tag, r.place, r.field, t.field AS tag_field, r.value AS written
    FROM setting r
    LEFT JOIN part t ON t.file = r.file AND t.owner = r.owner AND t.source = r.source AND t.folder = r.folder AND t.key = 'tag'
    LEFT JOIN part g ON g.file = r.file AND g.owner = r.owner AND g.source = r.source AND g.folder = r.folder AND g.key = 'registry'
    WHERE r.key = 'repository'
    UNION ALL  -- a tag alone: the chart's own repository
    SELECT t.file, t.owner, t.form, 'tag', t.folder, NULL, t.value, t.place, t.field, NULL, t.value
    FROM part t LEFT JOIN setting r ON r.file = t.file AND r.owner = t.owner AND r.source = t.source AND r.folder = t.folder AND r.key = 'repository'
    WHERE t.key = 'tag' AND r.key IS NULL AND (SELECT max(instr(s.tag_prefix, '{branch}')) FROM ring_service s)
    UNION ALL
    SELECT r.file, r.owner, r.form, '', r.pointer, substr(r.value, 1, length(r.value) - length(image_tag(r.value)) - 1), image_tag(r.value), r.place, r.field, NULL, r.value
    FROM setting r WHERE r.key NOT IN ('repository', 'tag', 'registry') AND instr(r.value, '/') AND instr(r.value, ':') AND image_tag(r.value) IS NOT NULL),
  service AS MATERIALIZED (  -- with the pattern of tags that name the ring, where it is not the repository that does
    SELECT s.*, CASE WHEN instr(s.tag_prefix, '{branch}')
                     THEN '^' || replace(s.tag_prefix, '{branch}', '(.+)') || '[0-9a-f]{' || s.tag_digits || '}' || s.tag_suffix || '$' END AS tag_pattern, p.branches
    FROM ring_service s CROSS JOIN ring_promise p),
  ringed AS MATERIALIZED (
    SELECT i.*, s.id AS ring_service, CAST(CASE WHEN s.tag_pattern IS NULL THEN re2_extract(s.image_pattern, i.repository, 1) ELSE re2_extract(s.tag_pattern, i.tag, 1) END AS TEXT) AS ring,
           s.image_path AS wanted_path, s.twin_path, s.application AS name_form, s.twin_application AS twin_form
    FROM image i CROSS JOIN service s
    WHERE CASE WHEN s.tag_pattern IS NULL THEN re2_match(s.image_pattern, i.repository)
               ELSE re2_match(s.tag_pattern, i.tag) AND coalesce(i.repository = s.image_name, 1) AND re2_extract(s.tag_pattern, i.tag, 1) GLOB coalesce(s.branches, '*') END),
  declared AS MATERIALIZED (
    SELECT a.name, r.image_path, r.ring_service, r.ring, r.repository, r.tag, min(r.place) AS place, r.wanted_path, r.twin_path, r.name_form, r.twin_form
    FROM ringed r CROSS JOIN application a ON a.file = r.file AND a.application = r.owner
    JOIN judged j ON j.file_set = a.file_set AND j.on_default
    WHERE r.file > 0 AND a.name IS NOT NULL AND NOT instr(a.name, '{{') GROUP BY a.name, r.image_path, r.ring_service),
  named AS MATERIALIZED (  -- of what no instance of ArgoCD runs, if all could say
    SELECT a.name, max(a.known) AS runs FROM (SELECT l.name, 1 AS known FROM live_application l UNION ALL SELECT d.name, 0 FROM declared d) a
    WHERE NOT EXISTS (SELECT 1 FROM application_list_reading x WHERE x.state <> 'present') GROUP BY a.name),
  tenant AS MATERIALIZED (SELECT t.ring_service, t.application, min(t.place) AS place FROM ring_tenant t GROUP BY 1, 2),
  given_text AS MATERIALIZED (  -- helm.values, a text
    SELECT r.owner, r.field, r.image_path, r.ring_service, json_extract(l.fields, '$."' || r.field || '"') AS given, r.tag_field, r.key FROM ringed r JOIN live_application l ON l.id = r.owner WHERE r.form = 'values'),
  edited AS MATERIALIZED (  -- the same without the image
    SELECT g.owner, g.field, g.image_path, g.ring_service, g.given,
           CASE g.key WHEN 'repository' THEN CASE WHEN g.tag_field IS NULL THEN yaml_without(g.given, g.image_path || '/repository')
                                                  ELSE yaml_without(yaml_without(g.given, g.image_path || '/repository'), g.image_path || '/tag') END
                      WHEN 'tag' THEN yaml_without(g.given, g.image_path || '/tag') ELSE yaml_without(g.given, g.image_path) END AS taken
    FROM given_text g),
  held AS MATERIALIZED (
    SELECT l.name, l.control_plane, l.object_namespace, r.form, r.image_path, r.repository, r.tag, r.ring_service, r.ring, r.wanted_path, r.twin_path,
           r.name_form, r.twin_form, d.place AS declared_place, l.evidence,
           CASE WHEN r.form = 'values' THEN
                  CASE WHEN e.taken IS NOT NULL AND length(e.given) < 4000 THEN json_array(json_object('op', 'test', 'path', '/spec' || r.field, 'value', e.given), json_object('op', 'replace', 'path', '/spec' || r.field, 'value', e.taken)) END
                -- Each tests what it removes: parameters are found by their number, which another patch may have moved. The later one goes first.
                WHEN r.form = 'parameter' THEN
                  CASE WHEN r.tag_field IS NULL THEN json_array(json_object('op', 'test', 'path', '/spec' || r.field, 'value', r.written), json_object('op', 'remove', 'path', '/spec' || path_dir(r.field)))
                       WHEN CAST(path_base(path_dir(r.tag_field)) AS INTEGER) > CAST(path_base(path_dir(r.field)) AS INTEGER) THEN
                         json_array(json_object('op', 'test', 'path', '/spec' || r.field, 'value', r.written), json_object('op', 'test', 'path', '/spec' || r.tag_field, 'value', r.tag),
                                    json_object('op', 'remove', 'path', '/spec' || path_dir(r.tag_field)), json_object('op', 'remove', 'path', '/spec' || path_dir(r.field)))
                       ELSE json_array(json_object('op', 'test', 'path', '/spec' || r.field, 'value', r.written), json_object('op', 'test', 'path', '/spec' || r.tag_field, 'value', r.tag),
                                       json_object('op', 'remove', 'path', '/spec' || path_dir(r.field)), json_object('op', 'remove', 'path', '/spec' || path_dir(r.tag_field))) END
                WHEN r.tag_field IS NULL THEN json_array(json_object('op', 'test', 'path', '/spec' || r.field, 'value', r.written), json_object('op', 'remove', 'path', '/spec' || r.field))
                ELSE json_array(json_object('op', 'test', 'path', '/spec' || r.field, 'value', r.written), json_object('op', 'test', 'path', '/spec' || r.tag_field, 'value', r.tag),
                                json_object('op', 'remove', 'path', '/spec' || r.field), json_object('op', 'remove', 'path', '/spec' || r.tag_field)) END AS patch,
           CASE WHEN r.form = 'values_object' THEN substr(r.field, 1, instr(r.field, '/valuesObject') + 12) END AS values_field,
           CASE WHEN r.form = 'parameter' AND r.key = 'repository' THEN '/spec' || path_dir(r.field) || '/name' END AS repository_name_field,
           CASE WHEN r.form = 'parameter' AND r.key = 'repository' THEN '/spec' || path_dir(r.tag_field) || '/name' END AS tag_name_field
    FROM ringed r CROSS JOIN application_reading l ON l.live_application = r.owner
    LEFT JOIN declared d ON d.name = l.name AND d.image_path = r.image_path AND d.ring_service = r.ring_service
    LEFT JOIN edited e ON e.owner = r.owner AND e.field = r.field AND e.image_path = r.image_path AND e.ring_service = r.ring_service
    WHERE r.file = 0
    UNION ALL
    SELECT d.name, NULL, NULL, 'declared', d.image_path, d.repository, d.tag, d.ring_service, d.ring, d.wanted_path, d.twin_path, d.name_form, d.twin_form, d.place, NULL, NULL, NULL, NULL, NULL
    FROM declared d CROSS JOIN named n ON n.name = d.name AND NOT n.runs)
  SELECT CASE WHEN h.control_plane IS NULL THEN h.declared_place ELSE coalesce(t.place, s.image_place) END AS at,
         CASE WHEN h.control_plane IS NOT NULL AND t.place IS NULL THEN u.because END AS unplaced, CASE WHEN h.control_plane IS NOT NULL THEN h.declared_place END AS declared_place, s.repository AS about, h.name AS application, h.control_plane, h.form, h.image_path,
         CAST(coalesce(h.repository, s.image_name, s.name) AS TEXT) AS repository, h.tag, h.ring_service, s.name AS service, s.repository AS service_repository, s.slug, h.ring, h.wanted_path, h.twin_path, h.evidence,
         CAST(coalesce(h.control_plane, 'git') AS TEXT) AS held_by, h.values_field, h.repository_name_field, h.tag_name_field, h.patch,
         p.start || coalesce(p.namespace_option || shell_quoted(h.object_namespace), '') || p.before_name || shell_quoted(h.name) AS command, p.patch_option,
         CASE WHEN h.form = 'values' AND h.patch IS NULL THEN 'take it out of helm.values' WHEN h.form = 'declared' THEN 'take it out'
              ELSE 'remove it: ' || p.start || coalesce(p.namespace_option || shell_quoted(h.object_namespace), '') || p.before_name || shell_quoted(h.name) || ' --type json' ||
                   p.patch_option || shell_quoted(h.patch) END AS removal,
         -- The tenant whose Application goes by the service's form of names.
         CAST(CASE WHEN substr(h.name, 1, instr(h.name_form, '{tenant}') - 1) = substr(h.name_form, 1, instr(h.name_form, '{tenant}') - 1)
                   AND substr(h.name, length(h.name) - length(substr(h.name_form, instr(h.name_form, '{tenant}') + 8)) + 1) = substr(h.name_form, instr(h.name_form, '{tenant}') + 8)
              THEN substr(h.name, instr(h.name_form, '{tenant}'), length(h.name) - length(h.name_form) + 8) END AS TEXT) AS tenant,
         h.name_form, h.twin_form
  FROM held h CROSS JOIN ring_service s ON s.id = h.ring_service
  LEFT JOIN patch_client p ON p.control_plane = h.control_plane
  LEFT JOIN tenant t ON t.ring_service = h.ring_service AND t.application = h.name LEFT JOIN cohort_unread u ON 1;

-- A repository with services, and what its forge said when it was asked for pull requests.
CREATE TEMP VIEW ring_forge AS
  WITH service AS MATERIALIZED (
    SELECT s.repository, min(s.slug) AS slug, min(s.place) AS place FROM ring_world w CROSS JOIN ring_service s WHERE s.repository IS NOT NULL GROUP BY s.repository)
  SELECT s.repository, s.slug, s.place, o.state = 'present' AND o.complete AS open_known, c.state = 'present' AND c.complete AND c.since IS NULL AS closed_known,
         o.state AS open_state, coalesce(o.failed, 0) AS failed, coalesce(o.evidence, c.evidence) AS evidence,
         coalesce(o.because, 'nobody was asked for its open pull requests') AS open_because,
         CASE WHEN c.since IS NOT NULL THEN 'pull requests that were last touched before ' || c.since || ' are left out'
              ELSE coalesce(c.because, 'nobody was asked for its closed pull requests') END AS closed_because
  FROM service s JOIN repository_forge f ON f.repository = s.repository
  LEFT JOIN forge_list_reading o ON o.slug = s.slug AND o.kind = 'pull_request' AND o.about = 'open'
  LEFT JOIN forge_list_reading c ON c.slug = s.slug AND c.kind = 'pull_request' AND c.about = 'closed';

-- A pull request of such a repository; `is_ring`: of a ring of its own.
CREATE TEMP VIEW ring_pull_request AS
  SELECT f.repository, f.place, p.pull_request, p.slug, p.number, p.state, p.draft, p.head_slug, p.head_ref, p.head_sha, p.base_ref, p.created_at, p.updated_at,
         p.closed_at, p.merged_at, p.merge_commit_sha, p.evidence, coalesce(p.head_slug = p.slug AND p.head_ref GLOB r.branches, 0) AS is_ring
  FROM ring_promise r CROSS JOIN ring_forge f CROSS JOIN pull_request_reading p ON p.slug = f.slug;

-- A label that begins as cohorts' do, with its parts; NULL where it has another shape.
CREATE TEMP VIEW ring_label AS
  SELECT p.repository, p.pull_request, p.slug, p.number, p.state, p.draft, p.is_ring, p.head_slug, p.head_ref, p.head_sha, p.base_ref, p.evidence, l.name AS label, l.added_at, r.label_place,
         re2_extract(r.label_pattern, l.name, 'source') AS source, re2_extract(r.label_pattern, l.name, 'key') AS key_name,
         CAST(re2_extract(r.label_pattern, l.name, 'value') AS TEXT) AS cohort_name
  FROM ring_promise r CROSS JOIN ring_pull_request p CROSS JOIN pull_request_label l ON l.pull_request = p.pull_request
  WHERE r.label_prefix IS NOT NULL AND lower(substr(l.name, 1, length(r.label_prefix))) = lower(r.label_prefix);

-- The build of the head of a ring's open pull request: built_at, when a run of it first succeeded. `runs_known`: those of that commit are all known.
CREATE TEMP VIEW ring_build AS
  WITH opened AS MATERIALIZED (
    SELECT p.pull_request, p.repository, p.slug, p.head_sha FROM ring_pull_request p WHERE p.state = 'open' AND p.is_ring),
  builder AS MATERIALIZED (SELECT s.repository, max(s.build_workflow) AS path, count(s.build_workflow) AS promised FROM ring_service s GROUP BY s.repository),
  run AS MATERIALIZED (
    SELECT o.pull_request, min(w.created_at) AS begun_at, min(CASE WHEN w.conclusion = 'success' THEN coalesce(w.updated_at, w.created_at) END) AS built_at,
           max(w.conclusion IS NULL) AS running
    FROM opened o JOIN builder b ON b.repository = o.repository
    CROSS JOIN workflow_run w ON w.slug = o.slug AND w.head_sha = o.head_sha
    WHERE CASE WHEN b.promised THEN w.workflow_path IN (SELECT s.build_workflow FROM ring_service s WHERE s.repository = o.repository) ELSE w.event = 'push' END
    GROUP BY o.pull_request)
  SELECT o.pull_request, r.begun_at, r.built_at, r.running, coalesce(l.state = 'present' AND l.complete, 0) AS runs_known, coalesce(l.failed, 0) AS failed,
         coalesce(l.because, 'nobody was asked for the runs of ' || substr(o.head_sha, 1, 7)) AS because
  FROM opened o LEFT JOIN run r ON r.pull_request = o.pull_request
  LEFT JOIN forge_list_reading l ON l.slug = o.slug AND l.kind = 'workflow_run' AND l.about = o.head_sha;

-- What the comments of a ring's open pull request tell of its release.
CREATE TEMP VIEW ring_release AS
  SELECT p.pull_request, max(CASE WHEN re2_match(r.triggered, c.body) THEN c.created_at END) AS triggered_at,
         max(CASE WHEN re2_match(r.reported, c.body) THEN c.created_at END) AS reported_at
  FROM ring_promise r CROSS JOIN ring_pull_request p CROSS JOIN pull_request_comment c ON c.pull_request = p.pull_request
  WHERE p.state = 'open' AND p.is_ring AND r.triggered IS NOT NULL AND r.reported IS NOT NULL
  GROUP BY p.pull_request;

-- What became of the pull requests of a ring's name.
CREATE TEMP VIEW ring_fate AS
  SELECT p.repository, p.slug, p.head_ref AS ring, max(p.state = 'open') AS is_open, max(CASE WHEN p.state = 'merged' THEN p.merged_at END) AS merged_at,
         max(CASE WHEN p.state = 'closed' THEN coalesce(p.closed_at, p.updated_at) END) AS closed_at, max(p.number) AS number, max(p.evidence) AS evidence
  FROM ring_pull_request p WHERE p.is_ring GROUP BY p.repository, p.head_ref;
