-- Joins that the rules of this pack share.

-- A repository whose default branch stands in this world. What hears an event does so there, so only of such a repository
-- can be said that nothing does.
CREATE TEMP VIEW default_in_view AS SELECT DISTINCT repository FROM judged WHERE on_default;

-- A repository_dispatch with the repository that it goes to. target is NULL where that is not known, or computed.
-- target_state: loaded | computed | elsewhere (another branch than the default one is looked at) | unread | unnamed
CREATE TEMP VIEW sent_dispatch AS
  WITH known AS MATERIALIZED (
    SELECT id, slug, lower(slug) AS name, state, because, id IN (SELECT repository FROM default_in_view) AS in_view FROM repository)
  SELECT d.file, d.file_set, d.path, d.place, d.dispatch, d.event_type, d.payload_complete, d.payload_is_text,
         d.repository AS sender, o.slug AS sender_slug, t.id AS target, coalesce(t.slug, d.target_slug) AS target_slug,
         CASE WHEN t.id IS NULL THEN CASE WHEN d.target_slug IS NULL THEN 'computed' ELSE 'unnamed' END
              WHEN t.state <> 'loaded' THEN 'unread' WHEN NOT t.in_view THEN 'elsewhere' ELSE 'loaded' END AS target_state,
         t.because AS target_because
  FROM dispatch d JOIN repository o ON o.id = d.repository
  LEFT JOIN known t ON t.name = CASE WHEN d.own_repository THEN lower(o.slug) ELSE lower(d.target_slug) END;

-- A workflow that hears repository_dispatch: the default branch's copy only.
CREATE TEMP VIEW dispatch_receiver AS
  SELECT t.file, t.file_set, t.repository, t.path, t.place, t.workflow_trigger, t.types, t.filters_complete
  FROM workflow_trigger t WHERE t.event = 'repository_dispatch' AND t.counts;

-- The same, a row for each type that it lists; one row with pattern NULL where it lists none.
CREATE TEMP VIEW dispatch_receiver_type AS
  SELECT r.file, r.repository, r.path, r.workflow_trigger, f.pattern, coalesce(f.place, r.place) AS place,
         r.types IS NULL AND r.filters_complete AS hears_all,
         NOT r.filters_complete OR r.types = '[]' AS unclear
  FROM dispatch_receiver r LEFT JOIN trigger_filter f
    ON f.file = r.file AND f.workflow_trigger = r.workflow_trigger AND f.filter = 'types';

-- Which sender is heard by which receiver.
CREATE TEMP VIEW heard_dispatch AS
  WITH sent AS MATERIALIZED (SELECT * FROM sent_dispatch WHERE event_type IS NOT NULL AND target IS NOT NULL)
  SELECT s.dispatch, s.file AS sender_file, s.place AS sender_place, s.payload_complete, s.event_type, r.file, r.workflow_trigger
  FROM dispatch_receiver_type r JOIN sent s ON s.target = r.repository
  WHERE r.hears_all OR s.event_type = r.pattern;

-- Why "nobody sends it" cannot be said, one row a reason: what is not loaded, not readable, computed, or sent by means that
-- are not read (a script in another language, an action that trueup does not know).
CREATE TEMP VIEW unseen_sender AS
  SELECT CASE state WHEN 'loaded' THEN 'the default branch of ' || slug || ' is not looked at'
                    ELSE slug || ' could not be read: ' || coalesce(because, 'no reason was given') END AS because
  FROM repository WHERE state <> 'loaded' OR id NOT IN (SELECT repository FROM default_in_view)
  UNION ALL
  SELECT 'does not parse: ' || path FROM unreadable_file WHERE kind IN ('workflow', 'action')
  UNION ALL
  SELECT s.path || ' of ' || s.sender_slug || ' sends an event whose ' ||
         CASE WHEN s.event_type IS NULL THEN 'type' ELSE 'target' END || ' is computed'
  FROM sent_dispatch s WHERE s.event_type IS NULL OR s.target_state = 'computed'
  UNION ALL
  SELECT 'a script in ' || s.path || ' may send events in a way that is not read' FROM step s
  WHERE s.run LIKE '%/dispatches%' AND s.run NOT LIKE '%/workflows/%/dispatches%'
    AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.file = s.file AND d.step = s.step)
  UNION ALL
  SELECT 'a script in ' || a.path || ' may send events in a way that is not read' FROM argument a
  WHERE a.section = 'with' AND a.name = 'script'
    AND (a.value LIKE '%createDispatchEvent%' OR a.value LIKE '%repos/%/dispatches%' AND a.value NOT LIKE '%/workflows/%')
    AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.file = a.file AND d.step = a.step)
  UNION ALL
  SELECT u.slug || ' in ' || u.file_path || ' may send events' FROM uses u
  WHERE u.slug LIKE '%repository%dispatch%' AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.file = u.file AND d.step = u.step);

-- What a local `uses:` leads to, from the repository's root.
CREATE TEMP VIEW uses_target AS
  SELECT u.file, u.job, u.step, u.form, path_join('', u.path) AS mentioned_path
  FROM (SELECT file, job, step, form, path FROM uses) u WHERE u.form IN ('local_action', 'local_workflow');

-- A call of a reusable workflow or of an action whose file may be at hand: its own repository's, or that of another known one
-- that is called at its default branch. state: read | missing | unread, with why. What belongs to no known repository has no row.
-- Missing is said of workflows only (an action may be a mere Dockerfile), and where some other workflow of that branch is looked at.
CREATE TEMP VIEW called_document AS
  WITH known AS MATERIALIZED (
    SELECT r.id, r.slug, lower(r.slug) AS name, r.state, r.because, r.default_branch, j.file_set
    FROM repository r LEFT JOIN judged j ON j.repository = r.id AND j.on_default),
  named AS MATERIALIZED (
    SELECT u.file, u.file_set, u.job, u.step, u.place, u.form IN ('action', 'local_action') AS is_action, j.secrets_inherit,
           coalesce(u.slug || '/' || u.path, u.slug, './' || path_join('', u.path)) AS target, u.revision,
           u.slug IS NOT NULL AS is_remote, k.slug, k.state AS repository_state, k.because AS repository_because, k.default_branch,
           CASE WHEN u.slug IS NULL THEN u.file_set ELSE k.file_set END AS target_set,
           CASE WHEN u.form IN ('action', 'local_action') THEN ltrim(coalesce(path_join('', u.path), '') || '/action', '/') ELSE path_join('', u.path) END AS target_path
    FROM uses u JOIN job j ON j.file = u.file AND j.job = u.job LEFT JOIN known k ON k.name = lower(u.slug)
    WHERE u.form IN ('workflow', 'local_workflow', 'action', 'local_action') AND (u.slug IS NULL OR k.id IS NOT NULL)),
  found AS MATERIALIZED (
    SELECT n.*, f.file AS target_file, f.state AS file_state
    FROM named n LEFT JOIN file f ON f.file_set = n.target_set AND (NOT n.is_remote OR n.revision = n.default_branch)
      AND CASE WHEN n.is_action THEN f.path IN (n.target_path || '.yml', n.target_path || '.yaml') ELSE f.path = n.target_path END
      AND f.kind IN ('workflow', 'action'))
  SELECT file, file_set, job, step, place, is_action, is_remote, secrets_inherit, target, target_file, revision,
         CASE WHEN file_state = 'parsed' THEN 'read'
              WHEN file_state IS NULL AND repository_state = 'loaded' AND target_set IS NOT NULL AND revision = default_branch THEN 'missing'
              ELSE 'unread' END AS state,
         CASE WHEN file_state IS NOT NULL THEN 'does not parse: ' || target
              WHEN repository_state <> 'loaded' THEN slug || ' could not be read: ' || coalesce(repository_because, 'no reason was given')
              WHEN target_set IS NULL THEN 'the default branch of ' || slug || ' is not looked at'
              ELSE target || ' is called at ' || revision || ', and only the default branch is looked at' END AS because
  FROM found
  WHERE file_state IS NOT NULL OR is_remote AND (repository_state <> 'loaded' OR target_set IS NULL OR revision <> default_branch
           OR NOT is_action AND target_set IN (SELECT file_set FROM workflow));

-- The files whose jobs run together: a workflow, the local workflows and actions that it calls, and those that call it.
CREATE TEMP VIEW run_file AS
  WITH RECURSIVE calls AS MATERIALIZED (
    SELECT DISTINCT u.file AS caller, f.file AS callee, f.kind
    FROM uses_target t JOIN uses u ON u.file = t.file AND u.job = t.job AND u.step IS t.step
    JOIN judged_file f ON f.file_set = u.file_set AND f.kind IN ('workflow', 'action')
      AND f.path IN (t.mentioned_path, ltrim(t.mentioned_path || '/action.yml', '/'), ltrim(t.mentioned_path || '/action.yaml', '/'))),
  callers(file, top) AS (
    SELECT DISTINCT file, file FROM artifact_use UNION SELECT c.file, k.caller FROM callers c JOIN calls k ON k.callee = c.top),
  members(file, member) AS (
    SELECT file, top FROM callers UNION SELECT m.file, k.callee FROM members m JOIN calls k ON k.caller = m.member)
  SELECT file, member FROM members;

-- What a job is called in checks and by the API: `caller / callee` for the jobs of local workflows that are called, as often as
-- they are called. What is not known stays a ${{ }}.
CREATE TEMP VIEW check_name AS
  WITH RECURSIVE called AS MATERIALIZED (
    SELECT t.file AS caller_file, t.job AS caller_job, f.file
    FROM uses_target t JOIN judged_file c ON c.file = t.file
    JOIN judged_file f ON f.file_set = c.file_set AND f.path = t.mentioned_path AND f.kind = 'workflow'
    WHERE t.form = 'local_workflow' AND t.step IS NULL),
  named(file, job, file_set, place, name, depth) AS (
    SELECT l.file, l.job, l.file_set, l.place, l.display_name, 0 FROM job_leg l
    UNION
    SELECT k.caller_file, k.caller_job, n.file_set, n.place, l.display_name || ' / ' || n.name, n.depth + 1
    FROM named n JOIN called k ON k.file = n.file JOIN job_leg l ON l.file = k.caller_file AND l.job = k.caller_job
    WHERE n.depth < 3)
  SELECT n.file_set, n.file, n.job, n.place, n.name, n.depth FROM named n
  WHERE n.depth > 0 OR EXISTS (SELECT 1 FROM workflow_trigger t WHERE t.file = n.file AND t.event <> 'workflow_call')
  UNION ALL
  SELECT l.file_set, l.file, l.job, l.place, l.display_name || ' / ${{ called }}', 1
  FROM job_leg l JOIN uses u ON u.file = l.file AND u.job = l.job AND u.step IS NULL
  WHERE NOT EXISTS (SELECT 1 FROM called k WHERE k.caller_file = l.file AND k.caller_job = l.job);

-- A step that publishes something: an image, a chart, a release, a package; by a command of its own, of a script of the
-- repository that it runs, or by an action.
CREATE TEMP VIEW publishing_step AS
  WITH deed AS MATERIALIZED (
    SELECT c.file, c.file_set, c.path, c.job, c.step, c.program || ' ' || c.subcommand AS what
    FROM command c
    WHERE c.subcommand IN ('push', 'publish', 'npm publish', 'upload', 'copy', 'release create')
      AND (c.subcommand = 'push' AND c.program IN ('helm', 'docker', 'podman', 'buildah', 'crane', 'oras')
           OR c.subcommand = 'copy' AND c.program = 'skopeo' OR c.subcommand = 'release create' AND c.program = 'gh'
           OR c.subcommand IN ('publish', 'npm publish') AND c.program IN ('npm', 'yarn', 'pnpm', 'cargo', 'poetry')
           OR c.subcommand = 'upload' AND c.program = 'twine')),
  done AS MATERIALIZED (
    SELECT d.file, d.step, d.what FROM deed d WHERE d.step IS NOT NULL
    UNION ALL
    SELECT r.file, r.step, d.what FROM deed d CROSS JOIN command r ON r.file_set = d.file_set AND r.script_path = d.path
    WHERE d.step IS NULL AND r.step IS NOT NULL
    UNION ALL
    SELECT u.file, u.step, u.slug FROM uses u
    WHERE u.slug IN ('softprops/action-gh-release', 'ncipollo/release-action', 'actions/create-release', 'helm/chart-releaser-action',
                     'pypa/gh-action-pypi-publish', 'JS-DevTools/npm-publish', 'appany/helm-oci-chart-releaser',
                     'marvinpinto/action-automatic-releases')
       OR u.slug = 'docker/build-push-action' AND EXISTS (SELECT 1 FROM argument a WHERE a.file = u.file AND a.step = u.step
                                                          AND a.name = 'push' AND a.value = 'true'))
  SELECT s.file, s.file_set, s.job, s.step, s.place, d.what
  FROM (SELECT n.file, n.step, min(n.what) AS what FROM done n GROUP BY n.file, n.step) d JOIN step s ON s.file = d.file AND s.step = d.step;
