-- The world that is judged. The engine fills the temp tables; the views place the facts of blobs in the files of the world.
--
-- Every blob table blob_<what> has a view <what>, made by the store: file, file_set, repository, path, then the table's
-- columns with `id` as `<what>` and every span as a place (span -> place, x_span -> x_place). Rows of one file are joined
-- on `file` and the parent's column: FROM step JOIN job USING (file, job). A view below takes the place of that one.

CREATE VIRTUAL TABLE temp.judged_file USING world_file (  -- the files of this world; in scope refs those of every loaded ref
  file INTEGER NOT NULL,          -- as file_set_member.file
  file_set INTEGER NOT NULL,
  repository INTEGER NOT NULL,    -- id in repository
  path TEXT NOT NULL,
  blob INTEGER NOT NULL,
  kind TEXT NOT NULL,
  on_default INTEGER NOT NULL,    -- 1: stands on its repository's default branch, where the triggers of that branch count
  holds INTEGER HIDDEN            -- in the plain views: = n leaves out files of kinds that gave no row of the nth table of blobs
);

CREATE TEMP TABLE judged (       -- the file sets of this world
  file_set INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  on_default INTEGER NOT NULL     -- 1: stands on the default branch
);

CREATE TEMP TABLE head (         -- scope refs: the branches of the loaded repositories as they stand in this world
  repository INTEGER NOT NULL,    -- id in repository
  name TEXT NOT NULL,             -- of the branch
  file_set INTEGER NOT NULL,
  is_default INTEGER NOT NULL     -- 1: the default branch
);

CREATE TEMP VIEW file AS         -- a file of this world, once, as its main kind: the nodes of it hang on a member of their own
  SELECT f.file, f.file_set, f.repository, r.slug, f.path, f.kind, f.on_default, b.state, b.because, f.blob
  FROM judged_file f JOIN blob b ON b.id = f.blob JOIN repository r ON r.id = f.repository
  WHERE f.kind NOT IN ('node_yaml', 'node_json', 'application_sets', 'carrier');

CREATE TEMP VIEW unreadable_file AS  -- a file of a kind with content that could not be read: what it holds is unknown
  SELECT f.file, f.file_set, f.repository, f.path, f.kind, b.state, b.because
  FROM judged_file f JOIN blob b ON b.id = f.blob WHERE b.state IN ('malformed', 'over_limit', 'missing');

CREATE TEMP VIEW workflow AS     -- a workflow; `name` is its path where the file gives none
  SELECT f.file, f.file_set, f.repository, f.path, f.on_default, (f.file << 32) | b.span AS place, b.id AS workflow,
         coalesce(b.name, f.path) AS name, b.name IS NOT NULL AS named, b.run_name, b.concurrency_group, b.default_shell, b.permissions
  FROM judged_file f CROSS JOIN blob_workflow b ON b.blob = f.blob;

CREATE TEMP VIEW workflow_trigger AS  -- an event; counts = 0 where only the default branch's copy is looked at and this is none
  SELECT f.file, f.file_set, f.repository, f.path, f.on_default, (f.file << 32) | b.span AS place,
         b.id AS workflow_trigger, b.workflow, b.event, b.branches, b.branches_ignore, b.tags, b.tags_ignore, b.paths,
         b.paths_ignore, b.types, b.workflows, b.filters_complete,
         f.on_default OR b.event NOT IN
           ('workflow_run', 'repository_dispatch', 'schedule', 'pull_request_target', 'issues', 'issue_comment', 'label',
            'milestone', 'check_run', 'check_suite', 'status', 'page_build', 'watch', 'fork', 'gollum', 'public', 'delete',
            'discussion', 'discussion_comment', 'registry_package', 'branch_protection_rule', 'project', 'project_card',
            'project_column', 'member') AS counts
  FROM judged_file f CROSS JOIN blob_workflow_trigger b ON b.blob = f.blob;

CREATE TEMP VIEW carried_version AS  -- a version that a promised place carries; only in the repository that the promise is about
  SELECT f.file, f.file_set, f.repository, f.path, f.on_default, (f.file << 32) | b.span AS place, b.id AS carried_version,
         p.train, p.train_member, p.id AS train_place, b.part, b.value
  FROM judged_file f CROSS JOIN blob_carried_version b ON b.blob = f.blob
  CROSS JOIN train_member m ON m.repository = f.repository CROSS JOIN train_place p ON p.train_member = m.id AND p.carrier = b.carrier;

CREATE TEMP VIEW path_mention AS  -- a file that a document names; target_path is from the root, NULL where it climbs out
  SELECT f.file, f.file_set, f.repository, f.path, (f.file << 32) | b.span AS place, b.id AS path_mention, b.job, b.step,
         b.path AS mentioned, b.purpose, b.certain,
         CASE b.relative_to WHEN 'file' THEN path_join(path_dir(f.path), b.path) ELSE path_join('', b.path) END
           AS target_path
  FROM judged_file f CROSS JOIN blob_path_mention b ON b.blob = f.blob;

CREATE TEMP VIEW artifact_reading AS  -- oci_artifact with its place as evidence
  SELECT oci_repository, reference, state, because, failed, answer, digest, media_type, chart_name, chart_version,
         chart_app_version, asked_at, address, config_media_type, -(id * 16 + 1) AS evidence
  FROM oci_artifact;

CREATE TEMP VIEW tag_list_reading AS  -- oci_tag_list with its place as evidence
  SELECT oci_repository, state, because, failed, answer, complete, asked_at, address, -(id * 16 + 2) AS evidence
  FROM oci_tag_list;

CREATE TEMP VIEW helm_chart_reading AS  -- helm_chart_list with its place as evidence
  SELECT id AS helm_chart_list, repository_url, chart, state, because, failed, answer, asked_at, address, -(id * 16 + 15) AS evidence
  FROM helm_chart_list;

CREATE TEMP VIEW stream_list_reading AS  -- stream_list with its place as evidence
  SELECT l.stream_workspace, l.workspace, l.kind, l.state, l.because, l.failed, l.answer, l.complete, l.asked_at, l.address,
         -(l.id * 16 + 11) AS evidence
  FROM stream_list l;

CREATE TEMP VIEW stream_processor_reading AS  -- live_stream_processor with its place as evidence
  SELECT p.id AS live_stream_processor, p.stream_workspace, p.workspace, p.name, p.state, p.tier, p.has_pipeline, p.dlq_messages,
         p.memory_bytes, p.asked_at, p.address, -(p.id * 16 + 12) AS evidence
  FROM live_stream_processor p;

CREATE TEMP VIEW stream_connection_reading AS  -- live_stream_connection with its place as evidence
  SELECT c.id AS live_stream_connection, c.stream_workspace, c.workspace, c.name, c.type, c.state, c.asked_at, c.address,
         -(c.id * 16 + 13) AS evidence
  FROM live_stream_connection c;

-- Deployments of Terraform roots. Places of this number are those of lists where they are even, and of deployments where they are odd.
CREATE TEMP VIEW deployment_list_reading AS  -- deployment_list with its place as evidence
  SELECT l.deployment_store, l.state, l.because, l.failed, l.answer, l.complete, l.asked_at, l.address, -(2 * l.id * 16) AS evidence
  FROM deployment_list l;

CREATE TEMP VIEW recorded_deployment AS  -- a deployment that succeeded, of files on default branches and of stores; n: 1 is the latest of its root there
  WITH told AS MATERIALIZED (
    SELECT CAST(d.repository AS TEXT) AS origin, d.path AS name, d.position, d.deployment_id, d.slug, d.root, d.revision, d.branch, d.trigger_kind, d.rerun,
           d.locked, d.status, d.deployed_at, d.place AS evidence
    FROM deployment d JOIN judged j ON j.file_set = d.file_set AND j.on_default
    UNION ALL
    SELECT 'store ' || l.deployment_store, l.name, l.position, l.deployment_id, l.slug, l.root, l.revision, l.branch, l.trigger_kind, l.rerun, l.locked,
           l.status, l.deployed_at, -((2 * l.id + 1) * 16)
    FROM live_deployment l),
  named AS MATERIALIZED (  -- OWNER/REPO||ROOT.json, OWNER/REPO/ROOT/deployment.json: of what does not say it itself
    SELECT t.*, lower(coalesce(t.slug, re2_extract('([^/|]+/[^/|]+)\|\|[^/|]+(?:/[^/]*)?$', t.name, 1), re2_extract('([^/|]+/[^/|]+)/[^/|]+/[^/]+$', t.name, 1))) AS folded,
           coalesce(t.root, re2_extract('\|\|([^/|]+?)(?:\.json|/[^/]*)?$', t.name, 1), re2_extract('[^/|]+/[^/|]+/([^/|]+)/[^/]+$', t.name, 1)) AS root_name
    FROM told t
    WHERE t.status IS NULL OR re2_match('succe|applied|complet|done|deployed|finish|^ok$', t.status) AND NOT re2_match('fail|err|not|unsucc|unappl|incompl|partial|never', t.status))
  SELECT n.origin, n.name, n.position, n.deployment_id, n.folded AS slug, n.root_name AS root, n.revision, n.branch, n.trigger_kind, n.rerun, n.locked,
         n.deployed_at, n.evidence, row_number() OVER w AS n, min(n.deployed_at IS NOT NULL) OVER (PARTITION BY n.origin, n.folded, n.root_name) AS dated,
         lead(n.revision) OVER w AS previous_revision, lead(n.evidence) OVER w AS previous_evidence, lead(n.deployed_at) OVER w AS previous_at
  FROM named n WHERE n.folded IS NOT NULL AND n.root_name IS NOT NULL
  WINDOW w AS (PARTITION BY n.origin, n.folded, n.root_name ORDER BY coalesce(n.deployed_at, '') DESC, n.name DESC, n.position DESC);

-- What leaves it unknown what was deployed: a store that could not be read, with each repository that has roots.
CREATE TEMP VIEW deployment_gap AS
  SELECT min(p.place) AS place, p.repository, l.deployment_store, l.because, l.failed, l.evidence
  FROM deployment_list_reading l CROSS JOIN atlantis_project p JOIN judged j ON j.file_set = p.file_set AND j.on_default
  WHERE l.state = 'unknown' AND NOT (SELECT n.gate FROM run n) GROUP BY p.repository, l.deployment_store;

-- A root of atlantis.yaml on the default branch with the latest deployment of it, and the one before (where both say when they were). Nothing
-- where a change is judged: it is deployed after the merge.
CREATE TEMP VIEW deployed_root AS
  WITH project AS MATERIALIZED (
    SELECT p.repository, p.file_set, min(p.file) AS file, lower(r.slug) AS folded, r.slug, r.default_branch, coalesce(p.name, p.folder) AS root, min(p.folder) AS folder,
           min(coalesce(p.name_place, p.place)) AS place, min(p.atlantis_project) AS atlantis_project, count(*) AS roots
    FROM atlantis_project p JOIN judged j ON j.file_set = p.file_set AND j.on_default JOIN repository r ON r.id = p.repository
    WHERE p.folder IS NOT NULL AND NOT p.has_wildcard AND NOT (SELECT n.gate FROM run n) GROUP BY p.repository, p.file_set, coalesce(p.name, p.folder))
  SELECT p.file, p.file_set, p.atlantis_project, p.place, p.repository AS held_by, p.slug, p.default_branch, p.root, p.folder, d.origin, d.revision, d.branch, d.trigger_kind,
         d.rerun, d.locked, d.deployed_at, d.evidence, substr(d.revision, 1, 10) AS short,
         CASE WHEN d.dated AND d.previous_at <> d.deployed_at THEN d.previous_revision END AS previous_revision, CASE WHEN d.dated THEN d.previous_evidence END AS previous_evidence,
         CASE WHEN d.dated THEN d.previous_at END AS previous_at,
         coalesce(u.because, CASE WHEN d.previous_revision <> d.revision AND NOT d.dated THEN 'its records do not all say when they were made, so which is the latest is not known'
                                  WHEN d.previous_revision <> d.revision AND d.previous_at = d.deployed_at THEN 'two records of one moment name different revisions' END) AS doubt
  FROM project p JOIN recorded_deployment d ON d.slug = p.folded AND d.root = p.root AND d.n = 1
  LEFT JOIN (SELECT CAST(x.repository AS TEXT) AS origin, min(x.path) || ' cannot be read, which may be a later deployment' AS because
             FROM unreadable_file x WHERE x.kind = 'deployments' GROUP BY x.repository) u ON u.origin = d.origin
  WHERE p.roots = 1;

CREATE TEMP VIEW root_folder AS  -- the folders that the Terraform of such a root is in: its own and those of its local modules, and of theirs
  WITH RECURSIVE called AS MATERIALIZED (
    SELECT DISTINCT a.file_set, path_dir(a.path) AS folder, path_join(path_dir(a.path), a.value) AS module FROM terraform_attribute a
    JOIN terraform_block b ON b.file = a.file AND b.terraform_block = a.terraform_block AND b.type = 'module' AND b.parent IS NULL
    WHERE a.name = 'source' AND re2_match('^\.\.?(/|$)', a.value)),
  made(file_set, root_folder, folder) AS (
    SELECT DISTINCT d.file_set, d.folder, d.folder FROM deployed_root d
    UNION
    SELECT m.file_set, m.root_folder, c.module FROM made m JOIN called c ON c.file_set = m.file_set AND c.folder = m.folder WHERE c.module IS NOT NULL)
  SELECT m.file_set, m.root_folder, m.folder FROM made m;

CREATE TEMP VIEW root_change_question AS  -- the same as git_change.folders has it: without roots that lie inside of it
  WITH RECURSIVE inside AS MATERIALIZED (
    SELECT f.file_set, f.root_folder, json_group_array(f.folder) AS list FROM (SELECT * FROM root_folder ORDER BY 1, 2, 3) f GROUP BY f.file_set, f.root_folder),
  other(file_set, folder, above) AS (  -- each folder of a root with those that it lies in
    SELECT DISTINCT p.file_set, p.folder, path_dir(p.folder) FROM atlantis_project p WHERE p.folder IS NOT NULL
    UNION ALL
    SELECT o.file_set, o.folder, path_dir(o.above) FROM other o WHERE o.above <> ''),
  outside AS MATERIALIZED (
    SELECT o.file_set, o.above AS root_folder, json_group_array(o.folder) AS list FROM (SELECT * FROM other WHERE above <> '' ORDER BY 1, 3, 2) o
    GROUP BY o.file_set, o.above)
  SELECT i.file_set, i.root_folder, json_object('in', json(i.list), 'out', json(coalesce(o.list, '[]'))) AS folders
  FROM inside i LEFT JOIN outside o ON o.file_set = i.file_set AND o.root_folder = i.root_folder;

CREATE TEMP VIEW wanted_git_change AS  -- CROSS: as in wanted_ancestry
  SELECT DISTINCT d.held_by, c.commit_id AS ancestor, h.commit_id AS descendant, q.folders
  FROM deployed_root d
  CROSS JOIN git_commit c ON c.repository = d.held_by AND c.revision = d.revision AND c.state = 'present'
  CROSS JOIN git_commit h ON h.repository = d.held_by AND h.revision = 'refs/heads/' || d.default_branch AND h.state = 'present'
  JOIN root_change_question q ON q.file_set = d.file_set AND q.root_folder = d.folder;

CREATE TEMP VIEW package_reading AS  -- package_list with its place as evidence
  SELECT id AS package_list, ecosystem, package_index, package, state, because, failed, answer, complete, latest, asked_at, address,
         -(id * 16 + 14) AS evidence
  FROM package_list;

CREATE TEMP VIEW application_reading AS  -- live_application with its place as evidence
  SELECT l.id AS live_application, l.control_plane, l.name, l.object_namespace, l.project_name, l.fields, l.destination_server,
         l.destination_name, l.destination_namespace, l.automated, l.sync_status, l.health_status, l.health_since, l.operation_phase,
         l.operation_started_at, l.operation_finished_at, l.operation_message, l.operation_automated, l.reconciled_at,
         l.compared_revision, l.deployed_revision, l.deployed_at, l.owner_kind, l.owner_name, l.tracked_by, l.writes_images, l.written_parameters,
         l.skips_reconcile, l.deleting, l.asked_at, l.address, -(l.id * 16 + 3) AS evidence
  FROM live_application l;

CREATE TEMP VIEW application_set_reading AS  -- live_application_set with the place of the answer that shows it as evidence
  SELECT l.id AS live_application_set, l.control_plane, l.name, l.object_namespace, l.fields, l.tracked_by, l.problem, l.problem_since, l.deleting,
         -(l.control_plane_list * 16 + 4) AS evidence
  FROM live_application_set l;

-- Declared and live are rows of one relation, in the same columns: `side` says which it is, and what the other side alone has is NULL. A rule
-- that reads one of these has instances of ArgoCD asked; who looks at Git alone reads application and its like.
CREATE TEMP VIEW known_application AS  -- an Application: on default branches, and as instances hold it
  SELECT 'declared' AS side, a.file, a.application, NULL AS live_application, NULL AS control_plane, a.place, a.name, a.object_namespace, a.project_name,
         CASE a.destination_name WHEN 'in-cluster' THEN 'https://kubernetes.default.svc' ELSE a.destination_server END AS destination_server,
         a.destination_name, a.destination_namespace, a.automated, s.fields
  FROM application a JOIN judged j ON j.file_set = a.file_set AND j.on_default
  JOIN application_spec s ON s.file = a.file AND s.application = a.application
  UNION ALL
  SELECT 'live', NULL, NULL, l.live_application, l.control_plane, l.evidence, l.name, l.object_namespace, l.project_name, l.destination_server,
         l.destination_name, l.destination_namespace, l.automated, l.fields
  FROM application_reading l;

CREATE TEMP VIEW known_application_set AS  -- an ApplicationSet
  SELECT 'declared' AS side, t.file, t.application_set, NULL AS live_application_set, NULL AS control_plane, t.place, t.name, t.object_namespace, s.fields
  FROM application_set t JOIN judged j ON j.file_set = t.file_set AND j.on_default
  JOIN application_set_spec s ON s.file = t.file AND s.application_set = t.application_set
  UNION ALL
  SELECT 'live', NULL, NULL, l.live_application_set, l.control_plane, l.evidence, l.name, l.object_namespace, l.fields FROM application_set_reading l;

CREATE TEMP VIEW known_project AS  -- an AppProject
  SELECT 'declared' AS side, p.file, p.project, NULL AS live_project, NULL AS control_plane, p.place, p.name, p.object_namespace
  FROM project p JOIN judged j ON j.file_set = p.file_set AND j.on_default
  UNION ALL
  SELECT 'live', NULL, NULL, l.id, l.control_plane, -(l.control_plane_list * 16 + 4), l.name, l.object_namespace FROM live_project l;

CREATE TEMP VIEW control_plane_reading AS  -- what each instance of ArgoCD said when it was asked for all objects of a kind
  SELECT c.control_plane, c.kind, c.state, c.because, c.failed, c.answer, c.complete, c.asked_at, c.address, -(c.id * 16 + 4) AS evidence
  FROM control_plane_list c;

CREATE TEMP VIEW application_list_reading AS  -- the same of Applications
  SELECT c.control_plane, c.state, c.because, c.failed, c.answer, c.complete, c.asked_at, c.address, c.evidence
  FROM control_plane_reading c WHERE c.kind = 'application';

-- With what a person changes an Application of each instance: start, then (where it has one) namespace_option and its namespace, then
-- before_name and its name, then ` --type json` or merge, then patch_option and the patch.
CREATE TEMP VIEW patch_client AS
  SELECT p.name AS control_plane,
         CASE p.client WHEN 'argocd' THEN 'argocd' || coalesce(' --server ' || shell_quoted(p.client_target), '') || ' app patch'
                       ELSE 'kubectl' || coalesce(' --context ' || shell_quoted(p.client_target), '') END AS start,
         CASE p.client WHEN 'argocd' THEN ' -N ' ELSE ' -n ' END AS namespace_option,
         CASE p.client WHEN 'argocd' THEN ' ' ELSE ' patch applications.argoproj.io ' END AS before_name,
         CASE p.client WHEN 'argocd' THEN ' --patch ' ELSE ' -p ' END AS patch_option
  FROM control_plane p;

CREATE TEMP VIEW application_lookup_reading AS  -- application_lookup with its place as evidence
  SELECT k.control_plane, k.name, k.object_namespace, k.project_name, k.state, k.because, k.failed, k.answer, k.asked_at, k.address,
         -(k.id * 16 + 5) AS evidence
  FROM application_lookup k;

CREATE TEMP VIEW forge_repository_reading AS  -- forge_repository with its place as evidence
  SELECT f.slug, f.host, f.kind, f.state, f.because, f.failed, f.answer, f.full_name, f.default_branch, f.visibility, f.archived,
         f.asked_at, f.address, -(f.id * 16 + 6) AS evidence
  FROM forge_repository f;

CREATE TEMP VIEW forge_list_reading AS  -- forge_list with its place as evidence
  SELECT l.slug, l.kind, l.about, l.state, l.because, l.failed, l.answer, l.complete, l.since, l.asked_at, l.address,
         -(l.id * 16 + 7) AS evidence
  FROM forge_list l;

CREATE TEMP VIEW pull_request_reading AS  -- pull_request with its place as evidence
  SELECT p.id AS pull_request, p.slug, p.number, p.title, p.state, p.draft, p.author, p.head_slug, p.head_ref, p.head_sha, p.base_ref,
         p.base_sha, p.merge_commit_sha, p.merge_state, p.created_at, p.updated_at, p.closed_at, p.merged_at, p.asked_at, p.address,
         -(p.id * 16 + 8) AS evidence
  FROM pull_request p;

CREATE TEMP VIEW workflow_run_reading AS  -- workflow_run with its place as evidence
  SELECT w.id AS workflow_run, w.slug, w.run_id, w.workflow_path, w.workflow_name, w.event, w.status, w.conclusion, w.head_branch,
         w.head_sha, w.run_attempt, w.created_at, w.updated_at, w.asked_at, w.address, -(w.id * 16 + 9) AS evidence
  FROM workflow_run w;

CREATE TEMP VIEW forge_release_reading AS  -- forge_release with its place as evidence
  SELECT e.slug, e.tag_name, e.name, e.draft, e.prerelease, e.target_commitish, e.created_at, e.published_at, e.asked_at, e.address,
         -(e.id * 16 + 10) AS evidence
  FROM forge_release e;

-- Helm takes a chart that lies unpacked in the charts/ folder of another one as it is, with what is bundled in it, and looks
-- up none of its dependencies. Where a chart names it by file://, it is one of the repository's own.
CREATE TEMP VIEW own_chart AS  -- the folder that a file:// dependency leads to
  SELECT f.file_set, path_join(path_dir(f.path), substr(d.repository_url, 8)) AS folder
  FROM blob_chart_dependency d CROSS JOIN judged_file f ON f.blob = d.blob
  WHERE d.repository_url GLOB 'file://*' AND path_join(path_dir(f.path), substr(d.repository_url, 8)) IS NOT NULL;

CREATE TEMP VIEW bundled_chart AS  -- the Chart.yaml of a bundled one
  WITH own AS MATERIALIZED (SELECT DISTINCT o.file_set, o.folder FROM own_chart o),
  inner_chart AS MATERIALIZED (  -- from the outer one: most charts have none, and many stand in a folder charts/ of the repository
    SELECT f.file, f.file_set, f.path, path_dir(f.path) AS folder
    FROM judged_file p
    CROSS JOIN judged_file f ON f.file_set = p.file_set AND f.path > substr(p.path, 1, length(p.path) - 10) || 'charts/'
      AND f.path < substr(p.path, 1, length(p.path) - 10) || 'charts0' AND f.kind = 'chart'
    WHERE p.kind = 'chart' AND substr('/' || p.path, -11) = '/Chart.yaml'
      AND path_dir(path_dir(f.path)) || '/' = substr(p.path, 1, length(p.path) - 10) || 'charts/')
  SELECT i.file, i.file_set, i.path
  FROM inner_chart i
  LEFT JOIN own o ON o.file_set = i.file_set AND o.folder = i.folder
  WHERE o.folder IS NULL;

CREATE TEMP VIEW resolved_dependency AS  -- a dependency that Helm looks up; repeats_name: its oci:// path ends in its name
  SELECT d.*, substr(d.oci_parent, -length(d.name) - 1) = '/' || d.name AS repeats_name
  FROM chart_dependency d
  WHERE NOT EXISTS (SELECT 1 FROM bundled_chart b
                    WHERE b.file_set = d.file_set AND b.path = path_join(path_dir(d.path), 'Chart.yaml'));

-- Versions that name a commit of the repository that publishes the chart (promises: chart: owners, versions). `held_by` is that
-- repository, NULL where it is not known; branch_text and commit_text are NULL where the version has another form.
CREATE TEMP VIEW commit_pin AS
  WITH owner AS MATERIALIZED (
    SELECT o.chart, o.slug, r.id, r.state, r.because FROM promise_chart_owner o LEFT JOIN repository r ON lower(r.slug) = lower(o.slug)),
  pinned AS MATERIALIZED (
    SELECT d.file, d.file_set, d.repository, d.path, coalesce(d.version_place, d.place) AS place, d.name, d.oci_repository, o.slug AS owner,
           o.id AS held_by, o.state AS held_state, o.because, semver_exact(d.version) AS version
    FROM owner o CROSS JOIN resolved_dependency d ON d.name = o.chart
    WHERE NOT coalesce(d.repository_url GLOB 'file://*', 0)),
  named AS MATERIALIZED (
    SELECT v.version, p.form, CASE WHEN p.branch_group > 0 THEN re2_extract(p.pattern, v.version, p.branch_group) END AS branch_text,
           re2_extract(p.pattern, v.version, p.commit_group) AS commit_text
    FROM promise_chart_version p CROSS JOIN (SELECT DISTINCT d.version FROM pinned d WHERE d.version IS NOT NULL) v)
  SELECT d.file, d.file_set, d.repository, d.path, d.place, d.name, d.oci_repository, d.owner, d.version, d.held_by, n.form, n.branch_text,
         n.commit_text,
         CASE WHEN d.held_by IS NULL THEN d.owner || ', which publishes ' || d.name || ', is not among the known repositories'
              WHEN d.held_state <> 'loaded' THEN d.owner || ' could not be read: ' || coalesce(d.because, 'no reason was given') END AS because
  FROM pinned d JOIN named n ON n.version = d.version;

-- Pins of owned charts that a registry holds.
CREATE TEMP VIEW published_pin AS
  SELECT d.file, d.file_set, d.repository, CAST(path_dir(d.path) AS TEXT) AS folder, coalesce(d.version_place, d.place) AS place, d.name,
         coalesce(nullif(d.alias, ''), d.name) AS key, d.version, a.oci_repository, a.reference, -(a.id * 16 + 1) AS evidence
  FROM promise_chart_owner o CROSS JOIN resolved_dependency d ON d.name = o.chart
  JOIN oci_artifact a ON a.oci_repository IN (d.oci_repository, CASE WHEN d.repeats_name THEN d.oci_parent END)
    AND a.reference = helm_tag(semver_exact(d.version)) AND a.state = 'present';
CREATE TEMP VIEW wanted_chart_package AS  -- of what default branches and the change at hand pin
  SELECT DISTINCT p.oci_repository, p.reference FROM published_pin p
  JOIN judged_file f ON f.file = p.file AND (f.on_default OR (SELECT r.gate FROM run r))
  UNION  -- and of what tenants of rings are rendered from
  SELECT r.oci_repository, r.reference FROM ring_rendered_chart r WHERE oci_tag_valid(r.reference)
  UNION  -- and of what is deployed
  SELECT d.oci_repository, d.reference FROM deployed_pin d
  JOIN oci_artifact a ON a.oci_repository = d.oci_repository AND a.reference = d.reference AND a.state = 'present';

-- The images that the values of a package name in the registry that it comes from itself, those of its dependencies left out, and those of
-- parts that its values switch off: /backup/image where /backup/enabled is false.
CREATE TEMP VIEW published_image AS
  WITH named AS MATERIALIZED (
    SELECT k.id, k.oci_repository, k.reference, CAST(path_dir(r.pointer) AS TEXT) AS pointer,
           CASE WHEN coalesce(g.value, '') <> '' THEN g.value || '/' || r.value ELSE r.value END AS image, t.value AS tag
    FROM oci_chart_package k
    JOIN oci_chart_value r ON r.oci_chart_package = k.id AND r.pointer LIKE '%/repository'
    JOIN oci_chart_value t ON t.oci_chart_package = k.id AND t.pointer = path_dir(r.pointer) || '/tag'
    LEFT JOIN oci_chart_value g ON g.oci_chart_package = k.id AND g.pointer = path_dir(r.pointer) || '/registry'
    WHERE t.value <> ''),
  off AS MATERIALIZED (
    SELECT DISTINCT e.oci_chart_package, CAST(path_dir(e.pointer) AS TEXT) AS folder FROM oci_chart_value e
    WHERE e.pointer LIKE '_%/enabled' AND lower(e.value) = 'false' AND path_dir(e.pointer) <> '')
  SELECT n.id AS oci_chart_package, n.oci_repository, n.reference, n.pointer, n.image, n.tag FROM named n
  LEFT JOIN off o ON o.oci_chart_package = n.id AND o.folder = n.pointer
  LEFT JOIN off p ON p.oci_chart_package = n.id AND p.folder = path_dir(n.pointer)
  LEFT JOIN oci_chart_dependency d ON d.oci_repository = n.oci_repository AND d.reference = n.reference
    AND coalesce(d.alias, d.name) = re2_extract('^/([^/]+)', n.pointer, 1)
  WHERE d.id IS NULL AND o.folder IS NULL AND p.folder IS NULL AND substr(n.image, 1, instr(n.image, '/')) = substr(n.oci_repository, 1, instr(n.oci_repository, '/'));

-- The branches that a version may mean: a chart's version has no room for the / and _ of some names.
CREATE TEMP VIEW pin_branch AS
  WITH meant AS MATERIALIZED (
    SELECT DISTINCT p.held_by, p.branch_text, lower(replace(p.branch_text, '.', '-')) AS plain FROM commit_pin p
    WHERE p.held_by IS NOT NULL AND p.branch_text IS NOT NULL),
  branch AS MATERIALIZED (
    SELECT n.repository, n.name, lower(replace(replace(replace(n.name, '/', '-'), '_', '-'), '.', '-')) AS plain
    FROM ref_name n WHERE n.kind = 'branch' AND n.repository IN (SELECT held_by FROM meant))
  SELECT m.held_by, m.branch_text, b.name AS branch FROM meant m JOIN branch b ON b.repository = m.held_by AND b.plain = m.plain;

-- A pin of an owned chart with the one that stood in the same file before the change at hand (replaced_...).
CREATE TEMP VIEW replaced_pin AS
  WITH form AS MATERIALIZED (SELECT p.pattern, p.branch_group, p.commit_group FROM promise_chart_version p),
  before AS MATERIALIZED (
    SELECT b.repository, m.path, d.name, semver_exact(d.version) AS version, (m.file << 32) | coalesce(d.version_span, d.span) AS place
    FROM base_set b JOIN file_set_member m ON m.file_set = b.file_set AND m.kind IN ('chart', 'chart_requirements')
    JOIN blob_chart_dependency d ON d.blob = m.blob
    WHERE d.name IN (SELECT o.chart FROM promise_chart_owner o)
    GROUP BY b.repository, m.path, d.name HAVING count(*) = 1)
  SELECT p.file, p.place, p.name, p.version, p.owner, p.held_by, p.branch_text, p.commit_text, p.because, p.repository, b.version AS replaced_version, b.place AS replaced_place,
         CASE WHEN f.branch_group > 0 THEN re2_extract(f.pattern, b.version, f.branch_group) END AS replaced_branch,
         re2_extract(f.pattern, b.version, f.commit_group) AS replaced_commit
  FROM commit_pin p JOIN before b ON b.repository = p.repository AND b.path = p.path AND b.name = p.name CROSS JOIN form f
  WHERE b.version IS NOT NULL;

-- What the Chart.yaml of live Applications pins at the commit that is deployed: charts with an owner.
CREATE TEMP VIEW deployed_pin AS
  SELECT c.repository AS held_by, c.revision, c.folder, d.name, coalesce(nullif(d.alias, ''), d.name) AS key, semver_exact(d.version) AS version,
         d.oci_repository, helm_tag(semver_exact(d.version)) AS reference
  FROM promise_chart_owner o CROSS JOIN git_chart_dependency d ON d.name = o.chart JOIN git_chart c ON c.id = d.git_chart
  WHERE d.oci_repository IS NOT NULL AND oci_tag_valid(helm_tag(semver_exact(d.version)));

-- Charts that owners publish: where the default branches of consumers take them from. `place` is the first dependency that does.
CREATE TEMP VIEW owned_chart AS
  SELECT o.chart, o.slug, r.id AS repository, d.oci_repository, min(d.place) AS place
  FROM promise_chart_owner o JOIN repository r ON lower(r.slug) = lower(o.slug) AND r.state = 'loaded'
  CROSS JOIN resolved_dependency d ON d.name = o.chart JOIN judged j ON j.file_set = d.file_set AND j.on_default
  WHERE d.oci_repository IS NOT NULL AND NOT d.repeats_name
  GROUP BY o.chart, r.id, d.oci_repository;

-- Releases of a repository that publishes charts, which are called by a chart's version: the version alone, or behind the chart's name.
CREATE TEMP VIEW chart_release AS
  WITH owner AS MATERIALIZED (
    SELECT DISTINCT r.id, r.slug FROM promise_chart_owner o JOIN repository r ON lower(r.slug) = lower(o.slug) AND r.state = 'loaded'
    JOIN judged j ON j.repository = r.id AND j.on_default),
  called AS MATERIALIZED (
    SELECT w.id AS repository, w.slug, e.tag_name, e.evidence, e.published_at, e.created_at,
           re2_extract('^(?:helm[-/])?(?:([A-Za-z0-9-]*?[A-Za-z0-9])[-/@])?v?([0-9]+\.[0-9]+\.[0-9]+.*)$', e.tag_name, 1) AS chart,
           re2_extract('^(?:helm[-/])?(?:[A-Za-z0-9-]*?[A-Za-z0-9][-/@])?v?([0-9]+\.[0-9]+\.[0-9]+.*)$', e.tag_name, 1) AS version
    FROM owner w JOIN forge_release_reading e ON e.slug = w.slug WHERE NOT e.draft)
  SELECT c.repository, c.slug, c.tag_name, c.evidence, coalesce(c.published_at, c.created_at) AS released_at, nullif(c.chart, '') AS chart, c.version,
         re2_extract(p.pattern, c.version, p.commit_group) AS commit_text
  FROM called c CROSS JOIN promise_chart_version p WHERE re2_match(p.pattern, c.version);

CREATE TEMP VIEW pin_rival AS  -- what the registry lists of the same chart and branch, and the commit that it names
  WITH line AS MATERIALIZED (
    SELECT DISTINCT p.held_by, p.oci_repository, p.branch_text FROM commit_pin p
    WHERE p.held_by IS NOT NULL AND p.oci_repository IS NOT NULL AND p.branch_text IS NOT NULL),
  listed AS MATERIALIZED (
    SELECT t.oci_repository, replace(t.tag, '_', '+') AS version, re2_extract(f.pattern, replace(t.tag, '_', '+'), f.branch_group) AS branch_text,
           re2_extract(f.pattern, replace(t.tag, '_', '+'), f.commit_group) AS commit_text
    FROM promise_chart_version f CROSS JOIN oci_tag t ON t.oci_repository IN (SELECT oci_repository FROM line))
  SELECT l.held_by, l.oci_repository, l.branch_text, t.version, t.commit_text
  FROM line l JOIN listed t ON t.oci_repository = l.oci_repository AND t.branch_text = l.branch_text;

-- A source of a declared Application that runs, in a git repository of this run, where both sides follow one branch of it.
-- Nothing where a change is judged: what runs cannot have it yet.
CREATE TEMP VIEW live_git_source AS
  WITH placed AS MATERIALIZED (
    SELECT p.file, p.application, p.name, p.control_plane, p.object_namespace FROM placed_application p
    WHERE p.copies = 1 AND NOT (SELECT r.gate FROM run r)),
  followed AS MATERIALIZED (
    SELECT s.file, s.application, s.application_source, s.position, coalesce(s.target_revision_place, s.place) AS place, s.held_by, s.held_by_slug,
           CASE WHEN s.revision = 'HEAD' THEN r.default_branch WHEN s.revision GLOB 'refs/heads/*' THEN substr(s.revision, 12) ELSE s.revision END AS branch,
           s.revision
    FROM git_source s JOIN repository r ON r.id = s.held_by WHERE r.state = 'loaded' AND s.tool IS NOT 'helm_chart'),
  branch AS MATERIALIZED (  -- of that name alone: ArgoCD would take a tag of it as well
    SELECT n.repository, n.name FROM ref_name n WHERE n.repository IN (SELECT held_by FROM followed)
    GROUP BY n.repository, n.name HAVING min(n.kind) = 'branch' AND max(n.kind) = 'branch')
  SELECT f.file, f.application, f.application_source, f.place, f.held_by, f.held_by_slug, f.branch, p.name, p.control_plane, l.live_application,
         l.evidence, l.reconciled_at, l.skips_reconcile, l.deleting, v.compared_revision, v.deployed_revision
  FROM placed p
  CROSS JOIN followed f ON f.file = p.file AND f.application = p.application
  CROSS JOIN branch b ON b.repository = f.held_by AND b.name = f.branch
  CROSS JOIN application_reading l ON l.name = p.name AND l.control_plane = p.control_plane AND p.object_namespace IN ('', l.object_namespace)
  CROSS JOIN live_application_source v ON v.live_application = l.live_application AND v.position = f.position
    AND coalesce(nullif(v.target_revision, ''), 'HEAD') = f.revision;

CREATE TEMP VIEW wanted_git_chart AS  -- of what is deployed: the chart of each source in git
  SELECT DISTINCT s.held_by, s.deployed_revision AS revision, g.folder
  FROM live_git_source s JOIN git_source g ON g.file = s.file AND g.application_source = s.application_source
  WHERE length(s.deployed_revision) = 40 AND g.folder IS NOT NULL;

CREATE TEMP VIEW wanted_git_commit AS
  SELECT p.held_by, p.commit_text AS revision FROM commit_pin p WHERE p.held_by IS NOT NULL AND p.commit_text IS NOT NULL
  UNION
  SELECT b.held_by, 'refs/heads/' || b.branch FROM pin_branch b
  UNION
  SELECT r.held_by, r.commit_text FROM pin_rival r
  UNION
  SELECT c.held_by, c.commit_text FROM ring_chart_pin c WHERE c.commit_text IS NOT NULL
  UNION
  SELECT s.held_by, CASE t.turn WHEN 0 THEN 'refs/heads/' || s.branch WHEN 1 THEN s.compared_revision ELSE s.deployed_revision END AS revision
  FROM live_git_source s CROSS JOIN (SELECT 0 AS turn UNION ALL SELECT 1 UNION ALL SELECT 2) t
  WHERE t.turn = 0 OR length(iif(t.turn = 1, s.compared_revision, s.deployed_revision)) = 40
  UNION
  SELECT d.held_by, d.revision FROM deployed_root d
  UNION
  SELECT d.held_by, d.previous_revision FROM deployed_root d WHERE d.previous_revision IS NOT NULL
  UNION
  SELECT d.held_by, 'refs/heads/' || d.default_branch FROM deployed_root d WHERE d.default_branch IS NOT NULL
  UNION  -- what a change replaces
  SELECT p.held_by, p.replaced_commit FROM replaced_pin p WHERE p.held_by IS NOT NULL AND p.replaced_commit IS NOT NULL
  UNION  -- tags of releases, and the commits that these name
  SELECT e.repository, 'refs/tags/' || e.tag_name FROM chart_release e
  UNION
  SELECT e.repository, e.commit_text FROM chart_release e WHERE e.commit_text IS NOT NULL;

CREATE TEMP VIEW wanted_ancestry AS  -- whether pins and what is deployed stand on the branches that they name, and charts have what was merged
  -- CROSS: commits are looked up for each row; SQLite would pair them first, each with each.
  SELECT DISTINCT c.held_by, q.merge_commit_sha AS ancestor, g.commit_id AS descendant
  FROM ring_chart_pin c
  JOIN pull_request q ON q.slug = c.slug AND q.head_ref = c.ring AND q.state = 'merged' AND q.merge_commit_sha IS NOT NULL
  CROSS JOIN git_commit g ON g.repository = c.held_by AND g.revision = c.commit_text AND g.state = 'present'
  UNION
  SELECT DISTINCT s.held_by, CASE t.turn WHEN 0 THEN c.commit_id ELSE h.commit_id END, CASE t.turn WHEN 0 THEN h.commit_id ELSE c.commit_id END
  FROM live_git_source s  -- both ways: a clone may be behind what runs
  CROSS JOIN git_commit c ON c.repository = s.held_by AND c.revision IN (s.compared_revision, s.deployed_revision) AND c.state = 'present'
  CROSS JOIN git_commit h ON h.repository = s.held_by AND h.revision = 'refs/heads/' || s.branch AND h.state = 'present'
  CROSS JOIN (SELECT 0 AS turn UNION ALL SELECT 1) t
  UNION  -- and what is deployed of roots, and was before
  SELECT DISTINCT d.held_by, c.commit_id, h.commit_id
  FROM deployed_root d
  CROSS JOIN git_commit c ON c.repository = d.held_by AND c.revision = d.revision AND c.state = 'present'
  CROSS JOIN git_commit h ON h.repository = d.held_by AND h.revision IN ('refs/heads/' || d.default_branch, d.previous_revision) AND h.state = 'present'
  UNION
  SELECT DISTINCT d.held_by, p.commit_id, c.commit_id
  FROM deployed_root d
  CROSS JOIN git_commit c ON c.repository = d.held_by AND c.revision = d.revision AND c.state = 'present'
  CROSS JOIN git_commit p ON p.repository = d.held_by AND p.revision = d.previous_revision AND p.state = 'present'
  UNION
  SELECT DISTINCT p.held_by, c.commit_id AS ancestor, h.commit_id AS descendant
  FROM (SELECT DISTINCT held_by, branch_text, commit_text FROM commit_pin WHERE commit_text IS NOT NULL) p
  CROSS JOIN git_commit c ON c.repository = p.held_by AND c.revision = p.commit_text AND c.state = 'present'
  JOIN pin_branch b ON b.held_by = p.held_by AND b.branch_text = p.branch_text
  CROSS JOIN git_commit h ON h.repository = p.held_by AND h.revision = 'refs/heads/' || b.branch AND h.state = 'present'
  UNION  -- and what a change replaces, both ways
  SELECT DISTINCT p.held_by, CASE t.turn WHEN 0 THEN o.commit_id ELSE n.commit_id END, CASE t.turn WHEN 0 THEN n.commit_id ELSE o.commit_id END
  FROM replaced_pin p
  CROSS JOIN git_commit o ON o.repository = p.held_by AND o.revision = p.replaced_commit AND o.state = 'present'
  CROSS JOIN git_commit n ON n.repository = p.held_by AND n.revision = p.commit_text AND n.state = 'present'
  CROSS JOIN (SELECT 0 AS turn UNION ALL SELECT 1) t
  WHERE o.commit_id <> n.commit_id;

-- ArgoCD. A source of an Application in a git repository of this run, followed at `revision`. `stands`: what it is rendered from
-- is the file set at hand, as it stands or will after the merge; else git_revision tells of it.
CREATE TEMP VIEW git_source AS
  WITH known AS MATERIALIZED (
    SELECT r.id, r.slug, lower(r.slug) AS folded, r.state, r.because, r.default_branch, 'refs/heads/' || r.default_branch AS whole FROM repository r)
  SELECT s.file, s.file_set, s.repository, s.application, s.application_source, s.place, s.position, s.repo_url, s.path AS source_path,
         s.path_place, s.folder, s.ref, s.tool, s.target_revision_place, coalesce(s.target_revision, 'HEAD') AS revision,
         coalesce(s.tag_prefix, '') AS tag_prefix, k.id AS held_by, k.slug AS held_by_slug, k.state AS held_state, k.because AS held_because,
         coalesce(s.repository = k.id AND s.on_default AND coalesce(s.target_revision, 'HEAD') IN ('HEAD', k.default_branch, k.whole), 0) AS stands,
         s.repository = k.id AND NOT s.on_default AS aside
  FROM application_source s JOIN known k ON k.folded = lower(s.slug)
  WHERE s.target_revision IS NULL OR NOT instr(s.target_revision, '{{') AND NOT instr(s.target_revision, '$');

-- A value file with the source in whose repository it is looked for: that of its $ref, else its own.
CREATE TEMP VIEW git_value_file AS
  SELECT v.file, v.application_value_file, v.application_source, v.place AS value_place, v.value_file, v.path AS wanted_path, s.application,
         s.file_set, s.repository, s.held_by, s.held_by_slug, s.held_state, s.held_because, s.revision, s.tag_prefix, s.stands, s.aside
  FROM application_value_file v
  CROSS JOIN application_source o ON o.file = v.file AND o.application_source = v.application_source
  CROSS JOIN git_source s ON s.file = v.file AND s.application = o.application
                         AND CASE WHEN v.ref IS NULL THEN s.application_source = v.application_source ELSE s.ref = v.ref END
  WHERE v.path IS NOT NULL;

CREATE TEMP VIEW revision_reading AS  -- what revisions stand for
  SELECT v.id AS git_revision, v.repository AS held_by, v.revision, v.tag_prefix, v.state, v.because, v.resolved, v.kind, v.is_range FROM git_revision v;

CREATE TEMP VIEW followed_change AS  -- revisions that Applications follow, and that are the branch which the change at hand is made for
  SELECT b.repository AS held_by, b.file_set AS base_set, b.branch, r.revision, r.tag_prefix
  FROM base_set b JOIN revision_reading r ON r.held_by = b.repository AND r.kind = 'branch' AND r.resolved = b.branch;

CREATE TEMP VIEW wanted_change_path AS  -- paths of that branch that Applications of other repositories want
  SELECT s.held_by, s.folder AS wanted_path FROM followed_change c
  JOIN git_source s ON s.held_by = c.held_by AND s.revision = c.revision AND s.tag_prefix = c.tag_prefix
  WHERE s.repository <> c.held_by AND s.folder <> ''
  UNION
  SELECT s.held_by, path_join(s.folder, 'Chart.yaml') FROM followed_change c
  JOIN git_source s ON s.held_by = c.held_by AND s.revision = c.revision AND s.tag_prefix = c.tag_prefix
  WHERE s.repository <> c.held_by AND s.folder IS NOT NULL AND s.tool = 'helm'
  UNION
  SELECT v.held_by, v.wanted_path FROM followed_change c
  JOIN git_value_file v ON v.held_by = c.held_by AND v.revision = c.revision AND v.tag_prefix = c.tag_prefix
  WHERE v.repository <> c.held_by;

CREATE TEMP VIEW wanted_git_revision AS  -- revisions of loaded repositories that Applications follow
  SELECT DISTINCT s.held_by, s.revision, s.tag_prefix FROM git_source s WHERE s.held_state = 'loaded' AND NOT s.stands
  UNION  -- where trains keep their documents, and files that their changelogs link
  SELECT m.repository, 'refs/heads/' || d.branch, '' FROM train_docs d JOIN train_member m ON m.id = d.train_member JOIN repository r ON r.id = m.repository AND r.state = 'loaded'
  UNION
  SELECT r.id, l.revision, '' FROM changelog_link l JOIN repository r ON lower(r.slug) = lower(l.slug) AND r.state = 'loaded' WHERE l.on_default
  UNION  -- and that modules of Terraform come from
  SELECT m.held_by, m.revision, '' FROM held_module m WHERE m.held_state = 'loaded';

CREATE TEMP VIEW held_module AS  -- a module of Terraform that comes from a repository of this run
  WITH known AS MATERIALIZED (SELECT k.id, lower(k.slug) AS folded, k.state, k.because FROM repository k)
  SELECT m.file, m.file_set, m.repository, m.path, m.on_default, m.place, m.terraform_block, m.host, m.slug, m.folder, m.folder_place, m.ref, m.ref_place,
         coalesce(m.ref, 'HEAD') AS revision, r.id AS held_by, r.state AS held_state, r.because AS held_because
  FROM module_source m JOIN known r ON r.folded = lower(m.slug)
  LEFT JOIN repository_forge f ON f.repository = r.id
  WHERE (f.host IS NULL OR f.host = m.host) AND NOT instr(coalesce(m.ref, ''), '$');

CREATE TEMP VIEW wanted_git_path AS  -- paths that they want there
  SELECT s.held_by, s.revision, s.tag_prefix, s.folder AS wanted_path FROM git_source s
  WHERE s.held_state = 'loaded' AND NOT s.stands AND s.folder IS NOT NULL
  UNION
  SELECT s.held_by, s.revision, s.tag_prefix, path_join(s.folder, 'Chart.yaml') FROM git_source s
  WHERE s.held_state = 'loaded' AND NOT s.stands AND s.folder IS NOT NULL AND s.tool = 'helm'
  UNION
  SELECT v.held_by, v.revision, v.tag_prefix, v.wanted_path FROM git_value_file v WHERE v.held_state = 'loaded' AND NOT v.stands
  UNION
  SELECT m.repository, 'refs/heads/' || d.branch, '', replace(d.folder, '{version}', v.version)
  FROM train_docs d JOIN train_member m ON m.id = d.train_member JOIN docs_version v ON v.train_member = d.train_member
  UNION
  SELECT r.id, l.revision, '', l.target FROM changelog_link l JOIN repository r ON lower(r.slug) = lower(l.slug) AND r.state = 'loaded' WHERE l.on_default
  UNION
  SELECT m.held_by, m.revision, '', m.folder FROM held_module m WHERE m.held_state = 'loaded' AND m.folder <> '';

-- A declared Application on its default branch, with each instance of ArgoCD in which one of the same folder runs: others of that
-- folder are meant to run there too, while folders of which nothing runs there are for another place. `listed` 0: that instance
-- could not say what it holds. `copies`: how many are declared by that name for it: by the repository, or by all of them where there are several
-- instances, each of which may have one of its own.
CREATE TEMP VIEW placed_application AS
  WITH declared AS MATERIALIZED (
    SELECT a.file, a.file_set, a.repository, a.path, path_dir(a.path) AS folder, a.application, a.name, coalesce(a.object_namespace, '') AS object_namespace, a.project_name
    FROM application a JOIN judged j ON j.file_set = a.file_set AND j.on_default
    WHERE a.name IS NOT NULL AND NOT instr(a.name, '{{')),
  homed AS MATERIALIZED (  -- files with the instance that they are for, where the config says it
    SELECT DISTINCT d.file, h.control_plane FROM control_plane_home h JOIN repository r ON lower(r.slug) = lower(h.slug)
    JOIN declared d ON d.repository = r.id AND (h.folder = '' OR d.path = h.folder OR instr(d.path, h.folder || '/') = 1)),
  settled AS MATERIALIZED (SELECT DISTINCT h.file FROM homed h),
  seen AS MATERIALIZED (
    SELECT DISTINCT d.file_set, d.folder, l.control_plane FROM declared d CROSS JOIN live_application l ON l.name = d.name
    WHERE d.file NOT IN (SELECT s.file FROM settled s) AND l.control_plane NOT IN (SELECT h.control_plane FROM control_plane_home h)),
  answered AS MATERIALIZED (SELECT c.control_plane, c.state FROM control_plane_list c WHERE c.kind = 'application'),
  placed AS MATERIALIZED (
    SELECT d.*, s.control_plane, 1 AS listed FROM declared d JOIN seen s ON s.file_set = d.file_set AND s.folder = d.folder
    WHERE d.file NOT IN (SELECT t.file FROM settled t)
    UNION ALL
    SELECT d.*, h.control_plane, a.state = 'present' FROM declared d JOIN homed h ON h.file = d.file JOIN answered a ON a.control_plane = h.control_plane
    UNION ALL
    SELECT d.*, a.control_plane, 0 FROM declared d JOIN answered a ON a.state = 'unknown'
    WHERE d.file NOT IN (SELECT t.file FROM settled t) AND a.control_plane NOT IN (SELECT h.control_plane FROM control_plane_home h))
  SELECT p.*, count(*) OVER (PARTITION BY p.control_plane, CASE WHEN (SELECT count(*) FROM answered a) > 1 THEN 0 ELSE p.file_set END, p.name) AS copies
  FROM placed p;

-- A folder of declared Applications with another one, of any repository, that declares some of the same names: which of both is for which
-- instance of ArgoCD is not told.
CREATE TEMP VIEW rival_folder AS
  WITH several AS MATERIALIZED (SELECT count(DISTINCT c.control_plane) > 1 AS planes FROM control_plane_list c WHERE c.kind = 'application'),
  declared AS MATERIALIZED (
    SELECT DISTINCT a.file_set, CAST(path_dir(a.path) AS TEXT) AS folder, a.name, iif(s.planes, 0, a.file_set) AS scope,
           r.slug || iif(path_dir(a.path) = '', '', ':' || path_dir(a.path)) AS shown
    FROM application a JOIN judged j ON j.file_set = a.file_set AND j.on_default JOIN repository r ON r.id = a.repository CROSS JOIN several s
    WHERE a.name IS NOT NULL AND NOT instr(a.name, '{{')),
  named AS MATERIALIZED (SELECT d.scope, d.name, min(d.shown) AS first, max(d.shown) AS last FROM declared d GROUP BY d.scope, d.name HAVING count(*) > 1)
  SELECT d.file_set, d.folder, min(iif(n.first = d.shown, n.last, n.first)) AS rival
  FROM named n JOIN declared d ON d.scope = n.scope AND d.name = n.name GROUP BY d.file_set, d.folder;
CREATE TEMP VIEW train_truth AS  -- the newest release of each line of a train: of its source, else of all its members
  WITH teller AS MATERIALIZED (
    SELECT m.train, m.id, m.state, m.because FROM train_member m JOIN train t ON t.id = m.train
    WHERE m.has_tags AND (m.is_source OR t.source_slug IS NULL)),
  listed AS MATERIALIZED (SELECT t.train, min(t.state = 'listed') AS all_listed, max(t.because) AS because FROM teller t GROUP BY t.train),
  newest AS MATERIALIZED (
    SELECT r.*, row_number() OVER (PARTITION BY r.train, r.part ORDER BY r.release_key DESC, r.train_member, r.id) AS n
    FROM release_tag r JOIN teller t ON t.id = r.train_member WHERE NOT r.is_candidate)
  SELECT r.train, r.part, r.release AS newest, r.release_key AS newest_key, r.tag, r.git_tag, r.train_member, l.all_listed, l.because
  FROM newest r JOIN listed l ON l.train = r.train WHERE r.n = 1;

CREATE TEMP VIEW member_release AS  -- the tags that a member is held against: its own, or those that tell the train's version where it has none
  SELECT r.train, r.train_member, r.part, r.id AS release_tag, r.git_tag, r.tag, r.version, r.release, r.release_key, r.final_key, r.is_candidate
  FROM release_tag r
  UNION ALL
  SELECT r.train, m.id, r.part, r.id, r.git_tag, r.tag, r.version, r.release, r.release_key, r.final_key, r.is_candidate
  FROM train_member m JOIN train t ON t.id = m.train
  JOIN train_member s ON s.train = m.train AND s.has_tags AND (s.is_source OR t.source_slug IS NULL) JOIN release_tag r ON r.train_member = s.id
  WHERE NOT m.has_tags;

CREATE TEMP VIEW member_truth AS  -- the newest of them, of each line, and whether all are known
  WITH newest AS MATERIALIZED (
    SELECT r.*, row_number() OVER (PARTITION BY r.train_member, r.part ORDER BY r.release_key DESC, r.release_tag) AS n
    FROM member_release r WHERE NOT r.is_candidate)
  SELECT n.train, n.train_member, n.part, n.release_tag, n.git_tag, n.tag, n.version, n.release AS newest, n.release_key AS newest_key,
         CASE WHEN m.has_tags THEN m.state = 'listed' ELSE coalesce(t.all_listed, 0) END AS all_listed,
         coalesce(m.because, t.because, 'not every tag is known') AS because
  FROM newest n JOIN train_member m ON m.id = n.train_member LEFT JOIN train_truth t ON t.train = n.train AND t.part = n.part
  WHERE n.n = 1;

CREATE TEMP VIEW published_package AS  -- what the releases of a member, of each of its lines, are published as
  SELECT p.id AS train_package, p.train, p.train_member, p.place, p.ecosystem, p.package_index, t.part, replace(p.package, '{name}', t.part) AS package
  FROM train_package p JOIN member_truth t ON t.train_member = p.train_member AND (t.part = '' OR instr(p.package, '{name}'));

CREATE TEMP VIEW docs_version AS  -- what the folder with the documents of a member's newest release may be called: 7.6.8, 7.6, 7, with and without v; and latest
  WITH named AS MATERIALIZED (
    SELECT t.train_member, t.newest AS version FROM member_truth t WHERE t.part = ''
    UNION
    SELECT t.train_member, re2_extract('^[0-9]+\.[0-9]+', t.newest, 0) FROM member_truth t WHERE t.part = ''
    UNION
    SELECT t.train_member, re2_extract('^[0-9]+', t.newest, 0) FROM member_truth t WHERE t.part = '')
  SELECT n.train_member, n.version FROM named n
  UNION ALL
  SELECT n.train_member, 'v' || n.version FROM named n
  UNION ALL
  SELECT DISTINCT n.train_member, 'latest' FROM named n;

CREATE TEMP VIEW release_file AS  -- a file that a member promises for each release; `version` is what its path says
  SELECT f.file, f.file_set, f.repository, f.path, f.on_default, (f.file << 32) | b.span AS place, t.id AS train_file, t.train, t.train_member,
         b.part AS version
  FROM judged_file f CROSS JOIN blob_carried_version b ON b.blob = f.blob
  CROSS JOIN train_member m ON m.repository = f.repository CROSS JOIN train_file t ON t.train_member = m.id AND t.carrier = b.carrier;

CREATE TEMP VIEW listed_repository AS  -- a repository that a promised list of a train names
  SELECT f.file, f.file_set, f.repository, f.path, f.on_default, (f.file << 32) | b.span AS place, t.id AS train_list, t.train, t.train_member,
         b.value AS name
  FROM judged_file f CROSS JOIN blob_carried_version b ON b.blob = f.blob
  CROSS JOIN train_member m ON m.repository = f.repository CROSS JOIN train_list t ON t.train_member = m.id AND t.carrier = b.carrier;

-- What the facts ask of servers. A question is asked once in a run, and only where a chosen rule reads its answer.
CREATE TEMP VIEW wanted_dependency AS  -- a dependency from an OCI registry that Helm looks up; few, so they are found first
  WITH named AS MATERIALIZED (
    SELECT f.file_set, f.path, d.oci_repository, d.oci_parent, d.version, semver_exact(d.version) AS exact,
           substr(d.oci_parent, -length(d.name) - 1) = '/' || d.name AS repeats_name
    FROM blob_chart_dependency d CROSS JOIN judged_file f ON f.blob = d.blob WHERE d.oci_repository IS NOT NULL)
  SELECT n.* FROM named n
  WHERE NOT EXISTS (SELECT 1 FROM bundled_chart b WHERE b.file_set = n.file_set AND b.path = path_join(path_dir(n.path), 'Chart.yaml'));

CREATE TEMP VIEW wanted_application_chart AS  -- a chart of an Application in an OCI registry
  SELECT DISTINCT s.oci_repository, s.target_revision, semver_exact(s.target_revision) AS exact FROM application_source s
  WHERE s.oci_repository IS NOT NULL AND s.chart IS NOT NULL AND version_range_valid(s.target_revision);

-- A dependency from such a repository, which file sets mostly share: so its text is looked at once, and then whether one of the files that
-- hold it is no bundled chart's.
CREATE TEMP VIEW wanted_helm_dependency AS
  WITH asked AS MATERIALIZED (
    SELECT DISTINCT b.blob, b.repository_url, b.name AS chart FROM blob_chart_dependency b
    WHERE (b.repository_url GLOB 'https://*' OR b.repository_url GLOB 'http://*') AND b.name <> '' AND version_range_valid(b.version)
      AND NOT re2_match('[${}<>%@#]|__', b.repository_url)),
  bundled AS MATERIALIZED (SELECT b.file_set, b.path FROM bundled_chart b)
  SELECT DISTINCT a.repository_url, a.chart FROM asked a
  WHERE EXISTS (SELECT 1 FROM judged_file f WHERE f.blob = a.blob AND (
                  -- Most stand in no chart's folder charts/, and then nobody needs to know which are bundled.
                  NOT EXISTS (SELECT 1 FROM judged_file p WHERE p.file_set = f.file_set AND p.path = path_join(path_dir(path_dir(path_dir(f.path))), 'Chart.yaml'))
                  OR NOT EXISTS (SELECT 1 FROM bundled b WHERE b.file_set = f.file_set AND b.path = path_join(path_dir(f.path), 'Chart.yaml'))));

CREATE TEMP VIEW wanted_helm_chart AS  -- charts of repositories with an index.yaml
  SELECT d.repository_url, d.chart FROM wanted_helm_dependency d
  UNION
  SELECT s.repo_url, s.chart FROM application_source s
  WHERE (s.repo_url GLOB 'https://*' OR s.repo_url GLOB 'http://*') AND s.chart <> '' AND s.oci_repository IS NULL
    AND NOT instr(s.repo_url || s.chart, '{{')
  UNION  -- and those of trains
  SELECT p.package_index, p.package FROM published_package p WHERE p.ecosystem = 'helm';

CREATE TEMP VIEW wanted_package AS  -- packages of trains, and the version that the newest release is
  SELECT p.ecosystem, p.package_index, p.package, t.version
  FROM published_package p JOIN member_truth t ON t.train_member = p.train_member AND t.part = p.part
  WHERE p.ecosystem IN ('npm', 'pypi', 'go');

CREATE TEMP VIEW ring_image_value AS  -- an image of a service that a live Application is given; ring: where the repository says it
  SELECT DISTINCT v.live_application, s.id AS ring_service, v.value AS oci_repository, t.value AS reference, t.folder AS image_path,
         CASE WHEN instr(s.image_name, '{branch}') THEN CAST(re2_extract(s.image_pattern, v.value, 1) AS TEXT) END AS ring
  FROM ring_service s CROSS JOIN live_application_value v ON v.effective AND v.pointer LIKE '%/repository'
  JOIN (SELECT w.live_application, w.position, path_dir(w.pointer) AS folder, w.value FROM live_application_value w WHERE w.effective AND w.pointer LIKE '%/tag') t
    ON t.live_application = v.live_application AND t.position = v.position AND t.folder = path_dir(v.pointer)
  WHERE s.image_name IS NOT NULL AND CASE WHEN instr(s.image_name, '{branch}') THEN re2_match(s.image_pattern, v.value) ELSE v.value = s.image_name END;

-- The chart in a registry that such an Application is rendered from, and the commit of the service that its version, or that of the
-- service's chart in it, names (promises: chart: versions).
CREATE TEMP VIEW ring_live_chart AS
  SELECT i.live_application, i.ring_service, i.ring, a.chart, a.oci_repository, helm_tag(a.version) AS reference, a.version
  FROM (SELECT DISTINCT live_application, ring_service, ring FROM ring_image_value WHERE ring IS NOT NULL) i
  JOIN (SELECT s.live_application, s.chart, CASE WHEN s.repo_url GLOB 'oci://*' THEN substr(s.repo_url, 7) ELSE s.repo_url END || '/' || s.chart AS oci_repository,
               coalesce(semver_exact(s.deployed_revision), semver_exact(s.target_revision)) AS version
        FROM live_application_source s WHERE s.chart <> '' AND s.repo_url NOT GLOB 'http*://*') a
    ON a.live_application = i.live_application AND a.version IS NOT NULL
  WHERE EXISTS (SELECT 1 FROM promise_chart_version);
CREATE TEMP VIEW ring_rendered_chart AS  -- and of what each service's values go to in the tenants that are given an image of it
  SELECT i.ring_service, a.chart, a.oci_repository, a.version, helm_tag(a.version) AS reference, min(a.name) AS application
  FROM (SELECT DISTINCT v.live_application, v.ring_service FROM ring_image_value v JOIN ring_service s ON s.id = v.ring_service
        WHERE v.image_path IS NOT s.twin_path) i  -- a twin may be rendered from another chart
  JOIN (SELECT s.live_application, l.name, s.chart, CASE WHEN s.repo_url GLOB 'oci://*' THEN substr(s.repo_url, 7) ELSE s.repo_url END || '/' || s.chart AS oci_repository,
               coalesce(semver_exact(s.deployed_revision), semver_exact(s.target_revision)) AS version
        FROM live_application_source s JOIN live_application l ON l.id = s.live_application WHERE s.chart <> '' AND s.repo_url NOT GLOB 'http*://*') a
    ON a.live_application = i.live_application AND a.version IS NOT NULL
  GROUP BY i.ring_service, a.oci_repository, a.version;
CREATE TEMP VIEW ring_chart_pin AS
  SELECT DISTINCT c.live_application, c.ring_service, c.ring, c.chart, c.version, s.repository AS held_by, s.slug,
         re2_extract(p.pattern, CASE WHEN c.chart = s.name THEN c.version ELSE semver_exact(d.version) END, p.commit_group) AS commit_text
  FROM promise_chart_version p CROSS JOIN ring_live_chart c JOIN ring_service s ON s.id = c.ring_service
  LEFT JOIN oci_chart_dependency d ON d.oci_repository = c.oci_repository AND d.reference = c.reference AND d.name = s.name
  WHERE s.repository IS NOT NULL;

CREATE TEMP VIEW wanted_ring_image AS  -- of the heads of rings with an open pull request that is labelled, and of what tenants are given
  SELECT DISTINCT replace(s.image_name, '{branch}', p.head_ref) AS oci_repository, replace(s.tag_prefix, '{branch}', p.head_ref) || substr(p.head_sha, 1, s.tag_digits) || s.tag_suffix AS reference
  FROM ring_service s CROSS JOIN ring_promise r CROSS JOIN pull_request p ON p.slug = s.slug
  WHERE s.image_name IS NOT NULL AND p.state = 'open' AND p.head_slug = p.slug AND p.head_ref GLOB r.branches
    AND p.head_ref = lower(p.head_ref) AND NOT instr(p.head_ref, '/')
    AND EXISTS (SELECT 1 FROM pull_request_label l WHERE l.pull_request = p.id)
  UNION
  SELECT v.oci_repository, v.reference FROM ring_image_value v;

CREATE TEMP VIEW wanted_oci_artifact AS  -- the artifacts that dependencies name by one exact version
  SELECT d.oci_repository, helm_tag(d.exact) AS reference
  FROM wanted_dependency d WHERE oci_tag_valid(helm_tag(d.exact))
  UNION
  SELECT d.oci_parent, helm_tag(d.exact)
  FROM wanted_dependency d WHERE d.repeats_name AND oci_tag_valid(helm_tag(d.exact))
  UNION
  SELECT a.oci_repository, helm_tag(a.exact) FROM wanted_application_chart a WHERE oci_tag_valid(helm_tag(a.exact))
  UNION  -- and the images of the newest release of each train
  SELECT i.oci_repository, t.newest FROM train_image i JOIN train_truth t ON t.train = i.train AND t.part = '' WHERE oci_tag_valid(t.newest)
  UNION  -- and those of rings
  SELECT i.oci_repository, i.reference FROM wanted_ring_image i WHERE oci_tag_valid(i.reference)
  UNION
  SELECT c.oci_repository, c.reference FROM ring_live_chart c WHERE oci_tag_valid(c.reference)
  UNION
  SELECT c.oci_repository, c.reference FROM ring_rendered_chart c WHERE oci_tag_valid(c.reference)
  UNION
  SELECT i.image, i.tag FROM published_image i WHERE oci_tag_valid(i.tag)
  UNION
  SELECT d.oci_repository, d.reference FROM deployed_pin d;

CREATE TEMP VIEW wanted_application AS  -- declared, and not in a list that may leave out some
  SELECT DISTINCT p.control_plane, p.name, p.object_namespace, p.project_name
  FROM placed_application p
  CROSS JOIN control_plane_list c ON c.control_plane = p.control_plane AND c.kind = 'application' AND NOT c.complete
  LEFT JOIN live_application l ON l.name = p.name AND l.control_plane = p.control_plane
  WHERE p.listed AND l.id IS NULL AND p.project_name IS NOT NULL;

CREATE TEMP VIEW wanted_oci_repository AS  -- the repositories whose tags ranges and newest versions are looked up in
  SELECT d.oci_repository FROM wanted_dependency d
  UNION
  SELECT d.oci_parent FROM wanted_dependency d
  WHERE d.repeats_name AND d.exact IS NULL AND version_range_valid(d.version)
  UNION
  SELECT a.oci_repository FROM wanted_application_chart a
  UNION  -- and those of trains
  SELECT p.package FROM published_package p WHERE p.ecosystem = 'oci';

CREATE TEMP VIEW wanted_stream_workspace AS  -- the workspaces of the config with their names in Atlas; '': nobody says it
  WITH named AS MATERIALIZED (
    SELECT lower(r.slug) AS slug, path_base(path_dir(n.path)) AS environment, path_dir(path_dir(path_dir(n.path))) AS root, n.value
    FROM dotenv_entry n JOIN repository r ON r.id = n.repository
    WHERE n.name = 'WORKSPACE_NAME' AND n.constant AND n.value <> '' AND path_base(n.path) = 'config.env'
      AND path_base(path_dir(path_dir(n.path))) = 'environments')
  SELECT DISTINCT w.name, coalesce(w.workspace, n.value, '') AS workspace
  FROM stream_workspace w
  LEFT JOIN named n ON w.workspace IS NULL AND n.environment = w.environment AND n.slug = coalesce(lower(w.slug), n.slug)
    AND n.root = coalesce(w.root, n.root);

-- Of forges only what a chosen rule reads is asked: a kind of list where it reads a table that this fills.
CREATE TEMP VIEW wanted_forge_repository AS  -- the repositories of this run, what their workflows call of their owner's, and where they send events
  SELECT f.host, f.slug FROM repository_forge f
  UNION
  SELECT f.host, u.slug FROM repository_forge f JOIN uses u ON u.repository = f.repository
  WHERE f.kind = 'github' AND lower(path_dir(u.slug)) = lower(path_dir(f.slug)) AND lower(u.slug) <> lower(f.slug)
  UNION
  SELECT f.host, d.target_slug FROM repository_forge f JOIN dispatch d ON d.repository = f.repository
  WHERE f.kind = 'github' AND d.target_slug IS NOT NULL AND lower(d.target_slug) <> lower(f.slug)
  UNION
  SELECT f.host, c.target_slug FROM repository_forge f JOIN workflow_call_by_script c ON c.repository = f.repository
  WHERE f.kind = 'github' AND c.target_slug IS NOT NULL AND lower(c.target_slug) <> lower(f.slug);

CREATE TEMP VIEW wanted_forge_list AS
  SELECT f.host, f.slug, 'pull_request' AS kind, a.about FROM repository_forge f JOIN repository r ON r.id = f.repository AND r.state = 'loaded'
  CROSS JOIN (SELECT 'open' AS about UNION ALL SELECT 'closed') a
  WHERE lower(f.slug) IN (SELECT lower(s.slug) FROM ring_service s) OR NOT EXISTS (SELECT 1 FROM ring_service)
  UNION  -- the builds of rings, where pushes are counted
  SELECT f.host, f.slug, 'workflow_run', b.name FROM ring_promise p CROSS JOIN ring_branch b JOIN repository_forge f ON f.repository = b.repository
  WHERE p.pushes_most IS NOT NULL
  UNION  -- the runs of branches whose charts are taken
  SELECT f.host, f.slug, 'workflow_run', b.branch FROM pin_branch b JOIN repository_forge f ON f.repository = b.held_by WHERE f.kind = 'github'
  UNION  -- the runs of what stands in pull requests of the repository's own branches that somebody has labelled
  SELECT f.host, p.slug, 'workflow_run', p.head_sha FROM pull_request p
  JOIN repository_forge f ON f.slug = p.slug
  WHERE p.state = 'open' AND p.head_slug = p.slug AND EXISTS (SELECT 1 FROM pull_request_label l WHERE l.pull_request = p.id)
  UNION
  SELECT f.host, p.slug, 'pull_request_comment', CAST(p.number AS TEXT) FROM pull_request p
  JOIN repository_forge f ON f.slug = p.slug
  WHERE p.state = 'open' AND p.head_slug = p.slug AND EXISTS (SELECT 1 FROM pull_request_label l WHERE l.pull_request = p.id)
  UNION  -- when labels that promise something were put on; of GitHub that comes with the pull requests
  SELECT f.host, p.slug, 'label_event', CAST(p.number AS TEXT) FROM ring_promise r CROSS JOIN pull_request p
  JOIN repository_forge f ON f.slug = p.slug AND f.kind = 'gitlab'
  WHERE p.state = 'open' AND p.head_slug = p.slug AND EXISTS (SELECT 1 FROM pull_request_label l WHERE l.pull_request = p.id AND l.added_at IS NULL
    AND lower(substr(l.name, 1, length(r.label_prefix))) = lower(r.label_prefix))
  UNION
  SELECT f.host, f.slug, 'required_check', r.default_branch FROM repository_forge f
  JOIN repository r ON r.id = f.repository AND r.state = 'loaded' WHERE r.default_branch IS NOT NULL AND f.kind = 'github'
  UNION
  SELECT f.host, f.slug, 'release', NULL FROM repository_forge f JOIN repository r ON r.id = f.repository AND r.state = 'loaded'
  UNION  -- the tags of a train's members
  SELECT f.host, f.slug, 'tag', NULL FROM repository_forge f JOIN train_member m ON m.repository = f.repository AND m.has_tags
  UNION
  SELECT f.host, f.slug, 'secret', NULL FROM repository_forge f JOIN context_read c ON c.repository = f.repository
  WHERE c.path GLOB 'secrets.?*' AND lower(c.path) <> 'secrets.github_token'
  UNION
  SELECT f.host, f.slug, 'environment', NULL FROM repository_forge f JOIN stream_command c ON c.repository = f.repository WHERE f.kind = 'github'
  UNION  -- the branches that pushes deploy processors from
  SELECT DISTINCT f.host, f.slug, 'required_check', b.value FROM repository_forge f
  JOIN stream_command c ON c.repository = f.repository AND c.job IS NOT NULL AND c.subject = 'processors' AND c.verb IN ('create', 'start')
  JOIN workflow_trigger t ON t.file = c.file AND t.event = 'push' JOIN json_each(t.branches) b ON NOT re2_match('[*?+!\[]', b.value)
  WHERE f.kind = 'github'
  UNION
  SELECT f.host, f.slug, 'app', n.value FROM repository_forge f JOIN dotenv_entry n ON n.repository = f.repository
  WHERE f.kind = 'github' AND n.name = 'ATLANTIS_GH_APP_SLUG' AND n.constant AND re2_match('^[A-Za-z0-9-]+$', n.value)
  UNION
  SELECT f.host, f.slug, 'variable', NULL FROM repository_forge f JOIN context_read c ON c.repository = f.repository WHERE c.path GLOB 'vars.?*';
