-- Joins that the rules of this pack share.

-- The folder that holds environments/, processors/ and connections/ is a root; a repository may have several.

-- environments/<name>/config.env: an environment and what it sets.
CREATE TEMP VIEW stream_environment AS
  SELECT d.file, d.file_set, d.path, d.place, d.complete, path_base(path_dir(d.path)) AS environment, path_dir(path_dir(path_dir(d.path))) AS root
  FROM dotenv d WHERE path_base(d.path) = 'config.env' AND path_base(path_dir(path_dir(d.path))) = 'environments'
    -- A pattern to copy, and what all share, are none.
    AND NOT re2_match('(?i)^[_.]|^(templates?|examples?|samples?|skeleton|common|shared)$', path_base(path_dir(d.path)));

-- A file of processors or connections with its root. environment: the one whose folder it stands in (environments/<name>/processors/,
-- connections/<name>/); NULL: it is for all.
CREATE TEMP VIEW stream_file AS
  WITH placed AS MATERIALIZED (
    SELECT f.file, f.file_set, f.path, f.kind, path_base(path_dir(f.path)) AS folder,
           CASE WHEN f.kind = 'stream_connections' AND path_base(path_dir(f.path)) <> 'connections' THEN path_dir(path_dir(path_dir(f.path)))
                ELSE path_dir(path_dir(f.path)) END AS above
    FROM judged_file f WHERE f.kind IN ('stream_processor', 'stream_connections')),
  known AS MATERIALIZED (SELECT DISTINCT e.file_set, e.root, e.environment FROM stream_environment e)
  SELECT p.file, p.file_set, p.path, p.kind,
         CASE WHEN path_base(path_dir(p.above)) = 'environments' THEN path_dir(path_dir(p.above)) ELSE p.above END AS root,
         CASE WHEN path_base(path_dir(p.above)) = 'environments' THEN path_base(p.above) ELSE k.environment END AS environment
  FROM placed p LEFT JOIN known k ON p.kind = 'stream_connections' AND p.folder <> 'connections'
    AND k.file_set = p.file_set AND k.root = p.above AND k.environment = p.folder;

-- A root that has a stream processor: only there are folders of these names what they seem.
CREATE TEMP VIEW stream_root AS
  SELECT DISTINCT f.file_set, f.root FROM stream_file f CROSS JOIN stream_processor p ON p.file = f.file WHERE f.kind = 'stream_processor' AND p.is_processor;

-- A declared connection that counts: in a root with processors.
CREATE TEMP VIEW declared_connection AS
  SELECT c.file, c.file_set, c.path, c.place, c.stream_connection, c.name, c.type, c.type_place, c.constant, c.alone, f.root, f.environment
  FROM stream_connection c JOIN stream_file f ON f.file = c.file JOIN stream_root r ON r.file_set = f.file_set AND r.root = f.root;

-- A use of a connection by a processor, with the environment that the processor's folder names.
CREATE TEMP VIEW connection_use AS
  SELECT u.file, u.file_set, u.path, u.place, u.stream_processor, u.stream_stage, u.role, u.connection_name, u.constant, f.root, f.environment
  FROM stream_use u JOIN stream_file f ON f.file = u.file;

-- A call of the tool in a workflow, with the environment that its job deploys to: the one whose config.env a step before it
-- sources, else the one that `environment:` names. NULL: cannot be told.
CREATE TEMP VIEW job_environment AS
  WITH known AS MATERIALIZED (SELECT e.environment, e.root, e.file, e.file_set, e.path FROM stream_environment e),
  sourced AS MATERIALIZED (
    SELECT c.file, c.job, min(e.environment) AS environment, min(e.root) AS root, min(e.file) AS config, min(c.place) AS place
    FROM command c JOIN known e ON e.file_set = c.file_set AND e.path = c.script_path
    WHERE c.program IN ('source', '.') AND c.job IS NOT NULL GROUP BY c.file, c.job HAVING count(DISTINCT e.environment) = 1)
  SELECT j.file, j.file_set, j.job, j.job_id, j.place, s.environment, s.root, s.config, s.place AS source_place
  FROM sourced s JOIN job j ON j.file = s.file AND j.job = s.job;

-- What runs. A workspace of `streams:` with the root that is deployed there, on its branch (scope refs). Nothing where a change is
-- judged: what runs follows after the merge. workspace: its name in Atlas, '' where nobody says it; doubt: why nothing can be concluded.
CREATE TEMP VIEW watched_workspace AS
  WITH standing AS MATERIALIZED (
    SELECT w.name, w.environment, w.root, w.workspace, h.repository, h.file_set
    FROM (SELECT j.repository, j.file_set, NULL AS branch FROM judged j WHERE j.on_default
          UNION ALL
          SELECT b.repository, b.file_set, b.name FROM head b) h
    CROSS JOIN repository r ON r.id = h.repository
    CROSS JOIN stream_workspace w ON (w.slug IS NULL OR lower(w.slug) = lower(r.slug)) AND w.branch IS h.branch
    WHERE NOT (SELECT n.gate FROM run n)),
  meant AS MATERIALIZED (  -- what a folder is whose processors cannot be read is not known
    SELECT r.file_set, r.root FROM stream_root r
    UNION
    SELECT f.file_set, f.root FROM stream_file f JOIN unreadable_file x ON x.file = f.file WHERE f.kind = 'stream_processor'),
  found AS MATERIALIZED (SELECT m.file_set, m.root, count(*) OVER (PARTITION BY m.file_set) AS roots FROM meant m),
  setting AS MATERIALIZED (
    SELECT e.file_set, e.root, e.environment, min(coalesce(n.place, e.place)) AS place, max(CASE WHEN n.constant THEN n.value END) AS workspace
    FROM stream_environment e LEFT JOIN dotenv_entry n ON n.file = e.file AND n.name = 'WORKSPACE_NAME' GROUP BY 1, 2, 3),
  first AS MATERIALIZED (
    SELECT f.file_set, f.root, coalesce(min(CASE WHEN f.environment IS NULL THEN p.place END), min(p.place)) AS place
    FROM stream_processor p JOIN stream_file f ON f.file = p.file WHERE p.is_processor GROUP BY 1, 2)
  SELECT s.name, s.environment, s.repository AS about, s.file_set, f.root, coalesce(s.workspace, e.workspace, '') AS workspace,
         coalesce(e.place, p.place) AS place,
         CASE WHEN s.root IS NULL AND f.roots > 1 THEN 'several folders hold processors: say with `root:` which is deployed to ' || s.name END AS doubt
  FROM standing s JOIN found f ON f.file_set = s.file_set AND (s.root IS NULL OR f.root = s.root)
  JOIN first p ON p.file_set = f.file_set AND p.root = f.root
  LEFT JOIN setting e ON e.file_set = f.file_set AND e.root = f.root AND e.environment = s.environment;

-- The same with what was said when it was asked for its processors, connections, or itself (kind).
CREATE TEMP VIEW watched_list AS
  SELECT w.name, w.environment, w.about, w.file_set, w.root, w.workspace, w.place, w.doubt, k.kind,
         coalesce(nullif(w.workspace, ''), w.name) AS shown, coalesce(l.state, 'unknown') AS state,
         coalesce(l.because, 'the workspace of ' || w.name || ' was not asked') AS because, coalesce(l.failed, 0) AS failed,
         coalesce(l.complete, 0) AS complete, l.address, l.evidence
  FROM watched_workspace w CROSS JOIN (SELECT 'workspace' AS kind UNION ALL SELECT 'connection' UNION ALL SELECT 'processor') k
  LEFT JOIN stream_list_reading l ON l.stream_workspace = w.name AND l.workspace = w.workspace AND l.kind = k.kind;

-- A declared processor with each workspace that it is deployed to, and what runs there under its name, else under its file's. live: NULL
-- where nothing does, or nothing is known.
CREATE TEMP VIEW watched_processor AS
  WITH list AS MATERIALIZED (SELECT l.* FROM watched_list l WHERE l.kind = 'processor'),
  declared AS MATERIALIZED (
    SELECT p.file, p.file_set, p.path, p.place, p.stream_processor, p.tier, p.tier_place, p.says_sinkless, p.says_stopped, p.document, f.root, f.environment,
           re2_extract('([^/]*)[.]json$', p.path, 1) AS stem, coalesce(p.name, re2_extract('([^/]*)[.]json$', p.path, 1)) AS declared_name
    FROM stream_processor p JOIN stream_file f ON f.file = p.file WHERE p.is_processor),
  placed AS MATERIALIZED (
    SELECT l.name AS watched, l.environment, l.about, l.workspace, l.shown, l.state AS list_state, l.because, l.failed, l.complete, l.address,
           l.evidence AS list_evidence, d.file, d.file_set, d.path, d.place, d.stream_processor, d.tier, d.tier_place, d.says_sinkless, d.says_stopped,
           d.document, d.stem, d.declared_name,
           coalesce(l.doubt, CASE WHEN re2_match('\{\{|\$\{|<%', d.declared_name) THEN 'its name has a placeholder' END) AS doubt
    FROM list l JOIN declared d ON d.file_set = l.file_set AND d.root = l.root AND (d.environment IS NULL OR d.environment = l.environment))
  SELECT p.*, coalesce(n.live_stream_processor, s.live_stream_processor) AS live, coalesce(n.name, s.name, p.declared_name) AS name,
         CASE WHEN n.name IS NULL THEN s.state ELSE n.state END AS live_state, CASE WHEN n.name IS NULL THEN s.tier ELSE n.tier END AS live_tier,
         coalesce(n.has_pipeline, s.has_pipeline) AS has_pipeline, coalesce(n.dlq_messages, s.dlq_messages) AS dlq_messages,
         coalesce(n.memory_bytes, s.memory_bytes) AS memory_bytes, coalesce(n.evidence, s.evidence, p.list_evidence) AS evidence
  FROM placed p
  LEFT JOIN stream_processor_reading n ON n.stream_workspace = p.watched AND n.workspace = p.workspace AND n.name = p.declared_name
  LEFT JOIN stream_processor_reading s ON s.stream_workspace = p.watched AND s.workspace = p.workspace AND s.name = p.stem;
