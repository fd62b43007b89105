-- What a place of a train says on the default branch, a version or a range (of which takes_newest says whether it lets the newest in), and the newest release that it is held against: its repository's own newest
-- tag, or the train's where the repository has no tags.
CREATE TEMP VIEW place_at_head AS
  WITH own AS MATERIALIZED (
    SELECT r.train_member, r.part, max(r.release_key) AS newest_key, r.release AS newest FROM release_tag r WHERE NOT r.is_candidate
    GROUP BY r.train_member, r.part)
  SELECT c.place, c.repository, c.path, c.train, c.train_member, c.train_place, c.part, trim(c.value) AS value,
         release_order(c.value) AS value_key, p.form, p.selector, iif(p.selector GLOB '/*', p.selector, path_base(c.path)) AS spot, p.place AS promised_place, m.slug, m.has_tags,
         CASE WHEN m.has_tags THEN o.newest ELSE t.newest END AS newest,
         CASE WHEN m.has_tags THEN m.state = 'listed' ELSE coalesce(t.all_listed, 0) END AS all_listed,
         coalesce(m.because, t.because, 'not every tag is known') AS unlisted_because,
         CASE WHEN m.has_tags THEN o.newest_key ELSE t.newest_key END AS newest_key,
         iif(release_order(c.value) IS NULL, release_within(c.value, CASE WHEN m.has_tags THEN o.newest ELSE t.newest END), NULL) AS takes_newest
  FROM carried_version c JOIN train_place p ON p.id = c.train_place JOIN train_member m ON m.id = c.train_member
  LEFT JOIN own o ON o.train_member = c.train_member AND o.part = c.part
  LEFT JOIN train_truth t ON t.train = c.train AND t.part = c.part
  WHERE c.on_default;

-- The same where it says a version or a range, with the verdict that it is not behind, and what would be right; of a range that is for people to say.
CREATE TEMP VIEW place_behind AS
  WITH said AS (  -- an image's variant, 7.6.8-alpine, is of the release that it names
    SELECT h.*, re2_extract('^v?[0-9][0-9.]*(-[A-Za-z][0-9A-Za-z.-]*)$', h.value, 1) AS suffix FROM place_at_head h WHERE h.newest_key IS NOT NULL),
  read AS (
    SELECT s.*, CASE WHEN NOT re2_match('(?i)^-(a|alpha|b|beta|c|m|rc|pre|preview|dev|snapshot|nightly|next|canary|staging|test)([0-9.-]|$)', s.suffix) THEN s.suffix END AS variant FROM said s)
  SELECT h.place AS at, h.form, h.path, h.selector, h.spot, h.part, h.value, h.newest, h.promised_place,
         iif(h.value_key IS NULL, NULL, iif(h.value GLOB 'v*', 'v', '') || h.newest || coalesce(h.variant, '')) AS wanted,
         iif(h.value_key IS NULL, ', which leaves out ' || h.newest || ', the newest release', ', and the newest release is ' || h.newest) AS relation,
         CASE WHEN h.value_key IS NULL THEN iif(h.takes_newest, 'ok', 'violated') WHEN iif(h.variant IS NULL, h.value_key, release_order(release_of(h.value))) < h.newest_key THEN 'violated' ELSE 'ok' END AS verdict
  FROM read h WHERE h.value_key IS NOT NULL OR h.takes_newest IS NOT NULL;

-- One tag of each final release of a member: of several names (v1.2.3 and 1.2.3), or builds of one version, the first by name.
CREATE TEMP VIEW first_tag AS
  SELECT r.train, r.train_member, r.part, r.release_key, r.release, min(r.tag) AS tag, r.git_tag, r.version
  FROM release_tag r WHERE NOT r.is_candidate GROUP BY r.train_member, r.part, r.release_key;

-- The repository that what is said of a whole train belongs to: its source, else its first one.
CREATE TEMP VIEW train_home AS
  SELECT m.train, coalesce(max(CASE WHEN m.is_source THEN m.repository END), min(m.repository)) AS repository,
         sum(m.has_tags) AS tagging, min(m.state = 'listed') AS all_listed, max(m.because) AS because
  FROM train_member m GROUP BY m.train;

-- The releases that a train has made: those of its source; without one, those that at least two members have, and half of them.
CREATE TEMP VIEW train_release AS
  WITH counted AS MATERIALIZED (
    SELECT r.train, r.part, r.release_key, min(r.release) AS release, count(DISTINCT r.train_member) AS members, max(m.is_source) AS by_source
    FROM release_tag r JOIN train_member m ON m.id = r.train_member WHERE NOT r.is_candidate GROUP BY r.train, r.part, r.release_key)
  SELECT c.train, c.part, c.release_key, c.release, c.members, c.by_source
  FROM counted c JOIN train t ON t.id = c.train JOIN train_home h ON h.train = c.train
  WHERE CASE WHEN t.source_slug IS NOT NULL THEN c.by_source ELSE c.members > 1 AND 2 * c.members >= h.tagging END;

-- What publishes a release as each of them, with {tag} and {version} for its tag and version.
CREATE TEMP VIEW publishing AS
  SELECT p.id AS train_package,
         CASE p.ecosystem WHEN 'npm' THEN 'git checkout {tag} && npm publish' WHEN 'pypi' THEN 'git checkout {tag} && python -m build && twine upload dist/*'
           WHEN 'go' THEN 'GOPROXY=' || shell_quoted(p.package_index) || ' go list -m ' || shell_quoted(p.package) || '@v{version}'
           WHEN 'helm' THEN 'package the chart at {tag}, and add it to the index of ' || p.package_index
           ELSE 'build it at {tag}, and push ' || p.package || ':{version}' END AS command
  FROM train_package p;

-- What was said of each package, chart and image that releases are published as, in one shape; a Helm repository's index is whole.
CREATE TEMP VIEW package_answer AS
  SELECT p.train_package, p.train, p.train_member, p.place, p.ecosystem, p.package_index, p.part, p.package, r.state, r.because, r.failed, r.complete, r.latest, r.evidence
  FROM published_package p LEFT JOIN package_reading r ON r.ecosystem = p.ecosystem AND r.package = p.package AND r.package_index = p.package_index
  WHERE p.ecosystem IN ('npm', 'pypi', 'go')
  UNION ALL
  SELECT p.train_package, p.train, p.train_member, p.place, p.ecosystem, p.package_index, p.part, p.package, h.state, h.because, h.failed, 1, NULL, h.evidence
  FROM published_package p LEFT JOIN helm_chart_reading h ON h.repository_url = p.package_index AND h.chart = p.package WHERE p.ecosystem = 'helm'
  UNION ALL
  SELECT p.train_package, p.train, p.train_member, p.place, p.ecosystem, p.package_index, p.part, p.package, t.state, t.because, t.failed, coalesce(t.complete, 0), NULL, t.evidence
  FROM published_package p LEFT JOIN tag_list_reading t ON t.oci_repository = p.package WHERE p.ecosystem = 'oci';

-- The versions of them, as far as they are versions; a registry's tags with fewer than three numbers move on with each release.
CREATE TEMP VIEW indexed_version AS
  WITH found AS MATERIALIZED (
    SELECT p.train_package, p.part, v.version, v.released_at, v.commit_id, v.withdrawn, release_order(v.version) AS version_key
    FROM published_package p JOIN package_reading r ON r.ecosystem = p.ecosystem AND r.package = p.package AND r.package_index = p.package_index
    JOIN package_version v ON v.package_list = r.package_list
    UNION ALL
    SELECT p.train_package, p.part, v.version, v.created, NULL, v.deprecated, release_order(v.version)
    FROM published_package p JOIN helm_chart_reading h ON h.repository_url = p.package_index AND h.chart = p.package AND p.ecosystem = 'helm'
    JOIN helm_chart_version v ON v.helm_chart_list = h.helm_chart_list
    UNION ALL
    SELECT p.train_package, p.part, t.tag, NULL, NULL, 0, iif(re2_match('^v?[0-9]+\.[0-9]+\.[0-9]+', t.tag), release_order(replace(t.tag, '_', '+')), NULL)
    FROM published_package p JOIN oci_tag t ON t.oci_repository = p.package AND p.ecosystem = 'oci')
  SELECT f.* FROM found f WHERE f.version_key IS NOT NULL;

-- What files of GitLab CI include: each file of the same tree, NULL where it is elsewhere, or not known. `told` 0: more, or something else,
-- may come of it than is read.
CREATE TEMP VIEW gitlab_included AS
  SELECT i.file, i.gitlab_include, t.file AS included, i.conditional = 0 AND b.state IS 'parsed' AS told
  FROM gitlab_include i LEFT JOIN judged_file t ON t.file_set = i.file_set AND t.path = i.target AND t.kind = 'gitlab_ci' AND i.form = 'local'
  LEFT JOIN blob b ON b.id = t.blob WHERE i.path_pattern IS NULL
  UNION ALL
  SELECT i.file, i.gitlab_include, t.file, i.conditional = 0 AND b.state = 'parsed'
  FROM gitlab_include i JOIN judged_file t ON t.file_set = i.file_set AND t.kind = 'gitlab_ci' AND re2_match(i.path_pattern, t.path)
  JOIN blob b ON b.id = t.blob WHERE i.path_pattern IS NOT NULL;

-- The files of a pipeline of GitLab CI: its own, and what it includes of the same tree.
CREATE TEMP VIEW gitlab_pipeline_file AS
  WITH RECURSIVE included AS MATERIALIZED (SELECT DISTINCT i.file AS includer, i.included AS file FROM gitlab_included i WHERE i.included IS NOT NULL),
  root AS MATERIALIZED (SELECT p.file FROM gitlab_pipeline p LEFT JOIN included i ON i.file = p.file WHERE i.file IS NULL OR p.path = '.gitlab-ci.yml' GROUP BY p.file),
  part(pipeline, file) AS (SELECT r.file, r.file FROM root r UNION SELECT a.pipeline, i.file FROM part a JOIN included i ON i.includer = a.file)
  SELECT a.pipeline, a.file FROM part a;

-- The jobs of a pipeline as they are once the files of the pipeline are joined: with what the one job of another file gives them that
-- they extend, and it is made from in turn. `resolved` 0: more may come to it than is told. `complete` 0: the pipeline includes what stands
-- elsewhere, or could not be read.
CREATE TEMP VIEW gitlab_pipeline_job AS
  WITH RECURSIVE part AS MATERIALIZED (SELECT p.pipeline, p.file FROM gitlab_pipeline_file p),
  open AS MATERIALIZED (
    SELECT a.pipeline FROM part a JOIN gitlab_included i ON i.file = a.file WHERE NOT i.told
    UNION  -- what could not be read may include these
    SELECT a.pipeline FROM part a JOIN judged_file f ON f.file = a.file JOIN unreadable_file u ON u.file_set = f.file_set AND u.kind = 'gitlab_ci'),
  said AS MATERIALIZED (
    SELECT a.pipeline, max(CASE WHEN p.file = a.pipeline THEN p.stages END) AS own, max(p.stages) AS stages FROM part a JOIN gitlab_pipeline p ON p.file = a.file GROUP BY a.pipeline),
  stage AS MATERIALIZED (SELECT s.pipeline, e.value AS stage, min(e.key) + 1 AS position FROM said s, json_each(coalesce(s.own, s.stages, '["build","test","deploy"]')) e GROUP BY s.pipeline, e.value),
  job AS MATERIALIZED (SELECT a.pipeline, j.* FROM part a JOIN gitlab_job j ON j.file = a.file),
  named AS MATERIALIZED (SELECT j.pipeline, j.name, count(*) AS many, min(j.gitlab_job) AS gitlab_job FROM job j GROUP BY j.pipeline, j.name),
  -- What each job takes from another file: one job that it extends, and the script of one that it refers to.
  base AS MATERIALIZED (
    SELECT a.pipeline, b.gitlab_job, max(CASE WHEN b.base_key IS NULL THEN n.gitlab_job END) AS extended,
           max(CASE WHEN b.base_key = 'script' THEN n.gitlab_job END) AS script_of,
           max(b.other_form OR n.many IS NOT 1 OR b.base_key IS NOT 'script' AND b.base_key IS NOT NULL) AS untold
    FROM part a JOIN gitlab_base b ON b.file = a.file LEFT JOIN named n ON n.pipeline = a.pipeline AND n.name = b.base GROUP BY a.pipeline, b.gitlab_job),
  made(pipeline, gitlab_job, extended, depth, untold, stage, needs_from, needs_written, needs_place, allow_failure, allow_failure_place, when_run,
       trigger_project, trigger_child, trigger_strategy, trigger_place, trigger_keys_place, script_written, publishes, publishes_place) AS (
    SELECT j.pipeline, j.gitlab_job, b.extended, 0, b.untold OR b.script_of IS NOT NULL AND (s.gitlab_job IS NULL OR NOT s.resolved), j.stage, j.gitlab_job, j.needs_written, j.needs_place,
           j.allow_failure, j.allow_failure_place, j.when_run, j.trigger_project, j.trigger_child, j.trigger_strategy, j.trigger_place, j.trigger_keys_place, j.script_written,
           coalesce(j.publishes, s.publishes), coalesce(j.publishes_place, s.publishes_place)
    FROM base b JOIN job j ON j.pipeline = b.pipeline AND j.gitlab_job = b.gitlab_job
    LEFT JOIN job s ON s.pipeline = b.pipeline AND s.gitlab_job = b.script_of
    UNION ALL
    SELECT m.pipeline, m.gitlab_job, b.extended, m.depth + 1, m.untold OR coalesce(b.untold OR b.script_of IS NOT NULL, 0), coalesce(m.stage, j.stage), iif(m.needs_written, m.needs_from, j.gitlab_job),
           m.needs_written OR j.needs_written, coalesce(m.needs_place, j.needs_place), coalesce(m.allow_failure, j.allow_failure),
           coalesce(m.allow_failure_place, j.allow_failure_place), coalesce(m.when_run, j.when_run), coalesce(m.trigger_project, j.trigger_project),
           m.trigger_child OR j.trigger_child, coalesce(m.trigger_strategy, j.trigger_strategy), coalesce(m.trigger_place, j.trigger_place),
           coalesce(m.trigger_keys_place, j.trigger_keys_place), m.script_written OR j.script_written,
           iif(m.script_written, m.publishes, j.publishes), iif(m.script_written, m.publishes_place, j.publishes_place)
    FROM made m JOIN job j ON j.pipeline = m.pipeline AND j.gitlab_job = m.extended
    LEFT JOIN base b ON b.pipeline = m.pipeline AND b.gitlab_job = m.extended WHERE m.depth < 11),
  whole AS MATERIALIZED (SELECT m.* FROM made m WHERE m.extended IS NULL)
  SELECT j.pipeline, o.pipeline IS NULL AS complete, j.file, j.gitlab_job, j.place, j.name, j.is_template,
         n.many = 1 AND (j.resolved OR w.untold IS 0) AS resolved, coalesce(w.stage, j.stage) AS stage,
         CASE coalesce(w.stage, j.stage, 'test') WHEN '.pre' THEN 0 WHEN '.post' THEN 1000000 ELSE g.position END AS stage_position,
         coalesce(w.needs_from, j.gitlab_job) AS needs_from, coalesce(w.needs_written, j.needs_written) AS needs_written,
         coalesce(w.needs_place, j.needs_place) AS needs_place, coalesce(w.allow_failure, j.allow_failure) AS allow_failure,
         coalesce(w.allow_failure_place, j.allow_failure_place) AS allow_failure_place, coalesce(w.when_run, j.when_run) AS when_run,
         coalesce(w.trigger_project, j.trigger_project) AS trigger_project, coalesce(w.trigger_strategy, j.trigger_strategy) AS trigger_strategy,
         coalesce(w.trigger_place, j.trigger_place) AS trigger_place, coalesce(w.trigger_keys_place, j.trigger_keys_place) AS trigger_keys_place,
         coalesce(w.publishes, j.publishes) AS publishes, coalesce(w.publishes_place, j.publishes_place) AS publishes_place
  FROM job j JOIN named n ON n.pipeline = j.pipeline AND n.name = j.name
  LEFT JOIN whole w ON w.pipeline = j.pipeline AND w.gitlab_job = j.gitlab_job
  LEFT JOIN open o ON o.pipeline = j.pipeline LEFT JOIN stage g ON g.pipeline = j.pipeline AND g.stage = coalesce(w.stage, j.stage, 'test');
