-- Joins that the rules of this pack share.

-- The folder that holds environments/, processors/ and connections/ is a root; a repository may have several.

-- environments/<name>/config.env: an environment and what it sets.
CREATE TEMP VIEW stream_environment AS
  SELECT d.file, d.file_set, d.path, d.place, d.complete, path_base(path_dir(d.path)) AS environment, path_dir(path_dir(path_dir(d.path))) AS root
  FROM dotenv d WHERE path_base(d.path) = 'config.env' AND path_base(path_dir(path_dir(d.path))) = 'environments';

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
  SELECT DISTINCT f.file_set, f.root FROM stream_processor p JOIN stream_file f ON f.file = p.file WHERE p.is_processor;

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
  WITH sourced AS MATERIALIZED (
    SELECT c.file, c.job, min(e.environment) AS environment, min(e.root) AS root, min(e.file) AS config, min(c.place) AS place
    FROM command c JOIN stream_environment e ON e.file_set = c.file_set AND e.path = c.script_path
    WHERE c.program IN ('source', '.') AND c.job IS NOT NULL GROUP BY c.file, c.job HAVING count(DISTINCT e.environment) = 1)
  SELECT j.file, j.file_set, j.job, j.job_id, j.place, s.environment, s.root, s.config, s.place AS source_place
  FROM job j JOIN sourced s ON s.file = j.file AND s.job = j.job;
