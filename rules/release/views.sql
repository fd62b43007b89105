-- What a place of a train says on the default branch, and the newest release that it is held against: its repository's own newest
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
         CASE WHEN m.has_tags THEN o.newest_key ELSE t.newest_key END AS newest_key
  FROM carried_version c JOIN train_place p ON p.id = c.train_place JOIN train_member m ON m.id = c.train_member
  LEFT JOIN own o ON o.train_member = c.train_member AND o.part = c.part
  LEFT JOIN train_truth t ON t.train = c.train AND t.part = c.part
  WHERE c.on_default;

-- The same where it says a version, with the verdict that it is not behind, and what would be right.
CREATE TEMP VIEW place_behind AS
  SELECT h.place AS at, h.form, h.path, h.selector, h.spot, h.part, h.value, h.newest, h.promised_place,
         iif(h.value GLOB 'v*', 'v', '') || h.newest AS wanted,
         CASE WHEN h.value_key < h.newest_key THEN 'violated' ELSE 'ok' END AS verdict
  FROM place_at_head h WHERE h.value_key IS NOT NULL AND h.newest_key IS NOT NULL;

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
